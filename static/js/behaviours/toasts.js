// Short messages in the corner. Errors stay until closed; the rest leave after a while, longer when pointed at.
import { setIcon, words } from "../lib/page.js";
import { say } from "../lib/say.js";

const STAYS_MS = 10000;
const ICONS = { breached: "alert-triangle", soon: "wifi-off", met: "circle-check", running: "info-circle" };

export function toast({ title, text = "", state = "running" }) {
  const made = document.getElementById("toast")?.content.firstElementChild.cloneNode(true);
  if (!made) return;
  made.dataset.state = state;
  made.querySelector("strong").textContent = title;
  made.querySelector("span").textContent = text;
  setIcon(made.querySelector("svg"), ICONS[state]);
  const region = document.getElementById("toasts");
  for (const old of region.children) if (old.textContent === made.textContent) old.remove();
  region.append(made);
  leave(made);
  say(`${title}. ${text}`);
}

function leave(el) {
  if (el.dataset.state === "breached") return;
  setTimeout(() => (el.matches(":hover, :focus-within") ? leave(el) : el.remove()), STAYS_MS);
}

export function start() {
  document.addEventListener("click", (event) => event.target.closest("[data-toast-close]")?.closest("[data-toast]").remove());
  const first = [...document.querySelectorAll("#toasts > [data-toast]")];
  first.forEach(leave);
  say(first.map((el) => el.textContent.trim()).join(" "));
  // The server's commands say what they did with the event `desk:said` (HX-Trigger).
  document.addEventListener("desk:said", (event) => toast({ state: "met", ...(event.detail ?? {}) }));
  window.addEventListener("offline", () => toast({ title: words().offline, text: words().offlineText, state: "soon" }));
}
