// Single keys and "g q" sequences, bound to what is on the page by data-key. Only outside fields; `?` lists them.
import { inField, setCookie } from "../lib/page.js";

const WAIT_MS = 1200;
let prefix = "", timer = 0;

const nameOf = (event) => (event.shiftKey && /^[a-z]$/i.test(event.key) ? `shift ${event.key.toLowerCase()}` : event.key.toLowerCase());
const usable = (el) => !el.disabled && el.getAttribute("aria-disabled") !== "true";
const visible = (el) => el.checkVisibility?.() ?? el.offsetParent !== null;

export function find(key) {
  const found = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].filter(usable);
  return found.find(visible) ?? found[0];
}

export function activate(el) {
  if (el.matches("input:not([type=checkbox], [type=radio]), textarea, select")) { el.focus(); el.select?.(); } else el.click();
}

function press(event) {
  if (["Shift", "Control", "Alt", "Meta"].includes(event.key)) return;
  if (event.defaultPrevented || event.altKey || inField(event.target) || document.querySelector("dialog:modal")) return;
  const control = event.ctrlKey || event.metaKey;
  if (!control && document.body.dataset.keys === "off") return;
  const key = (control ? "ctrl " : prefix) + nameOf(event);
  prefix = "";
  clearTimeout(timer);
  const target = find(key) ?? (key === "ctrl k" ? find("/") : undefined);
  if (target) { event.preventDefault(); activate(target); return; }
  if (control || !document.querySelector(`[data-key^="${CSS.escape(key)} "]`)) return;
  prefix = `${key} `;
  timer = setTimeout(() => { prefix = ""; }, WAIT_MS);
}

export const labelOf = (el) => (el.dataset.keyLabel || el.getAttribute("aria-label") || el.placeholder || [...el.childNodes]
  .filter((n) => !n.matches?.("kbd, .sd-count, svg")).map((n) => n.textContent).join(" ")).replace(/\s+/g, " ").trim();

function list(holder) {
  holder.querySelectorAll("[data-found]").forEach((el) => el.remove());
  const found = new Map([...document.querySelectorAll("[data-key]")].filter(usable).map((el) => [el.dataset.key, labelOf(el)]));
  for (const [key, label] of [...found].reverse()) {
    const item = document.createElement("li");
    item.dataset.found = "";
    const [text, kbd] = [document.createElement("span"), document.createElement("kbd")];
    [text.textContent, kbd.textContent, kbd.className] = [label, key.toUpperCase(), "sd-kbd"];
    item.append(text, kbd);
    holder.prepend(item);
  }
}

export function start() {
  document.addEventListener("keydown", press);
  document.addEventListener("desk:dialog", (event) => { const holder = event.target.querySelector("[data-keys-list]"); if (holder) list(holder); });
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-keys-switch]")) return;
    document.body.dataset.keys = event.target.checked ? "on" : "off";
    setCookie("desk_keys", document.body.dataset.keys);
  });
}
