// Counts every [data-due] once a second. The server decides: at a change of state the fragment is asked for again.
import { setIcon } from "../lib/page.js";
import { say } from "../lib/say.js";
import { hms, now, phrase, remaining } from "../lib/time.js";

const ICONS = { running: "clock", soon: "hourglass-low", breached: "alert-triangle" };
const CARRIERS = ".sd-clock-row, .sd-next > li, .sd-lane";
const seen = new WeakMap();

const stateOf = (left, warn) => (left <= 0 ? "breached" : left <= warn ? "soon" : "running");

function whatOf(el) {
  const row = el.closest(CARRIERS);
  const name = row?.querySelector("h2, .sd-trunc, a") ?? el.querySelector("span:not([data-left])");
  return (el.dataset.what ?? name?.textContent ?? "").trim();
}

function change(el, state) {
  if (el.dataset.state) el.dataset.state = state;
  const carrier = el.closest(CARRIERS);
  if (carrier?.dataset.state) carrier.dataset.state = state;
  setIcon(el.querySelector("svg.sd-ico"), ICONS[state]);
  say(phrase(state, { what: whatOf(el), t: el.querySelector("[data-left]")?.textContent ?? "" }));
  el.dispatchEvent(new CustomEvent("desk:due", { bubbles: true, detail: { state } }));
}

function tick(el) {
  const left = (Date.parse(el.dataset.due) - now()) / 1000;
  const holder = el.querySelector("[data-left]");
  if (holder && Math.abs(left) < 86400) {
    const text = remaining(left, holder.dataset.left);
    if (holder.textContent !== text) holder.textContent = text;
  }
  const state = stateOf(left, Number(el.dataset.warn ?? 300));
  const before = seen.get(el);
  seen.set(el, state);
  if (before && before !== state && state !== "running") change(el, state);
}

function tickAll() {
  document.querySelectorAll("[data-due]").forEach(tick);
  document.querySelectorAll("[data-server-clock] [data-hms]").forEach((el) => { el.textContent = hms(); });
}

export function start() {
  if (!document.documentElement.dataset.now) return;
  tickAll();
  setInterval(tickAll, 1000);
}

export const bind = (root) => root.querySelectorAll("[data-due]").forEach((el) => seen.has(el) || tick(el));
