// Who else has this ticket open. The page says so every few seconds, sooner while one writes; polls keep no session alive.
import { say } from "../lib/say.js";

const CALM_MS = 12000, NEAR_MS = 5000, WRITES_MS = 6000;
let known = new Set(), wrote = 0, told = 0;

const place = () => document.querySelector("[data-here]");
const writing = () => performance.now() - wrote < WRITES_MS;

async function tell() {
  const el = place();
  if (!el || document.visibilityState === "hidden") return;
  told = performance.now();
  await window.htmx.ajax("POST", el.dataset.here, {
    source: el, target: el, swap: "innerMorph", values: { act: writing() ? "write" : "" }, headers: { "X-Desk-Poll": "1" },
  });
  const now = new Set([...el.querySelectorAll("[data-who]")].map((one) => one.dataset.who));
  const come = [...now].filter((name) => !known.has(name));
  if (come.length) say((el.dataset.come ?? "").replace("{who}", come.join(", ")));
  known = now;
}

export function start() {
  if (!place()) return;
  tell();
  setInterval(() => performance.now() - told >= (known.size ? NEAR_MS : CALM_MS) && tell(), 1000);
  document.addEventListener("input", (event) => {
    if (!event.target.closest?.(".sd-composer, dialog form")) return;
    const before = writing();
    wrote = performance.now();
    if (!before && known.size) tell();
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && tell());
  window.addEventListener("pagehide", () => {
    const el = place(), token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
    if (el && token) navigator.sendBeacon(el.dataset.here, new URLSearchParams({ act: "leave", csrfmiddlewaretoken: token }));
  });
}
