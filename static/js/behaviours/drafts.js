// Nothing typed is lost: a form with data-draft="key" keeps its words in this tab (customers' words should not outlive it
// on a shared desk) until they are accepted; with data-draft-over they win over what the server filled in.
import { join } from "../lib/join.js";
import { all } from "../lib/page.js";

const PREFIX = "desk-draft:", WAIT_MS = 1000;
const timers = new WeakMap();
const keyOf = (form) => PREFIX + form.dataset.draft;
const fields = (form) => [...form.elements].filter((f) =>
  f.name && f.matches("textarea, select, input:not([type=hidden], [type=password], [type=file], [type=submit], [type=button])") && !f.closest("[data-no-draft]"));

function save(form) {
  const kept = {}; delete form.dataset.dirty;
  for (const f of fields(form)) {
    if (f.type === "checkbox" || f.type === "radio") { if (f.checked) (kept[f.name] ??= []).push(f.value); } else if (f.value) kept[f.name] = f.value;
  }
  try { sessionStorage.setItem(keyOf(form), JSON.stringify({ kept, rev: form.elements.rev?.value })); form.dataset.kept = ""; } catch { /* full: the page still holds it */ }
}

function restore(form) {
  let draft;
  try { draft = JSON.parse(sessionStorage.getItem(keyOf(form))) ?? { sent: true }; } catch { return; /* not ours */ }
  if (draft.sent) return sessionStorage.removeItem(keyOf(form));
  if (draft.rev !== form.elements.rev?.value) return join(fields(form), draft.kept); // written on in another browser
  const typed = (f) => f.matches("textarea, input") && f.type !== "checkbox" && f.type !== "radio";
  for (const f of fields(form)) {
    const value = draft.kept[f.name];
    if (value === undefined) continue;
    if (typed(f)) { if (!f.value || "draftOver" in form.dataset) f.value = value; } else if (f.matches("select")) f.value = value; else f.checked = value.includes(f.value);
  }
  form.dataset.restored = "";
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

export const forget = (form) => { clearTimeout(timers.get(form)); delete form.dataset.kept; delete form.dataset.dirty; sessionStorage.removeItem(keyOf(form)); };

export function start() {
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form?.dataset.draft) return;
    form.dataset.dirty = ""; clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => save(form), WAIT_MS));
  });
  // A plain submit leaves the page: the draft is marked sent and dropped once the next page has loaded.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-forget-drafts]")) Object.keys(sessionStorage).filter((k) => k.startsWith(PREFIX)).forEach((k) => sessionStorage.removeItem(k));
    if (!form.dataset.draft) return;
    clearTimeout(timers.get(form)); // a late save would take the mark away and bring sent words back
    save(form);
    if (!event.defaultPrevented) sessionStorage.setItem(keyOf(form), JSON.stringify({ ...JSON.parse(sessionStorage.getItem(keyOf(form))), sent: true }));
  });
  document.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail;
    const form = ctx.sourceElement?.closest?.("form[data-draft]");
    if (form && ctx.response.status < 400 && ctx.request.method !== "GET") forget(form);
  });
  window.addEventListener("pagehide", () => document.querySelectorAll("form[data-draft][data-dirty]").forEach(save));
}
export const bind = (root) => all(root, "form[data-draft]").forEach((form) => form.dataset.restored ?? restore(form));
