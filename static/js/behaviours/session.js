// The session ended while the page was open: sign in inside a dialog, keep the page, replace the CSRF token everywhere.
import { say } from "../lib/say.js";
import { words } from "../lib/page.js";

const SIGN_IN = "/accounts/login/";
const isSignIn = (url) => new URL(url, location.href).pathname.startsWith("/accounts/");
let running = false;

const parse = (html) => new DOMParser().parseFromString(html, "text/html");

// Every token of the page that is shown: the header all htmx requests carry, and the field of every kept form.
export function replaceToken(doc) {
  const headers = doc.body.getAttribute("hx-headers:inherited");
  if (!headers) return;
  document.body.setAttribute("hx-headers:inherited", headers);
  const token = JSON.parse(headers)["X-CSRFToken"];
  for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = token;
}

async function done(dialog) {
  replaceToken(parse(await (await fetch(location.href, { credentials: "same-origin" })).text()));
  dialog.close();
  running = false;
  say(words().e401Text);
}

function show(dialog, html) {
  const form = parse(html).querySelector("main form[method=post]");
  if (!form) return location.assign(SIGN_IN);
  form.querySelectorAll("script, [autofocus]").forEach((el) => el.removeAttribute("autofocus"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    step(dialog, form.getAttribute("action") || SIGN_IN, { method: "POST", body: new URLSearchParams(new FormData(form, event.submitter)) });
  });
  dialog.querySelector("[data-sign-in]").replaceChildren(document.adoptNode(form));
  form.querySelector("input:not([type=hidden])")?.focus();
}

async function step(dialog, url, options = {}) {
  try {
    const answer = await fetch(url, { credentials: "same-origin", ...options });
    if (options.method && !isSignIn(answer.url)) await done(dialog); else show(dialog, await answer.text());
  } catch { say(words().offline); }
}

export function signInAgain() {
  const dialog = document.getElementById("session-ended");
  if (!dialog) return location.assign(`${SIGN_IN}?next=${encodeURIComponent(location.pathname)}`);
  if (running && dialog.open) return;
  running = true;
  if (!dialog.open) dialog.showModal();
  return step(dialog, SIGN_IN);
}
