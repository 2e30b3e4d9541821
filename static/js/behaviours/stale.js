// "No live data since 14:31": never frozen numbers alone. The chips go on from the last sync.
import { words } from "../lib/page.js";
import { hms, now } from "../lib/time.js";

let heardAt = now(), lost = false;

function show() {
  for (const notice of document.querySelectorAll("[data-stale-notice]")) {
    notice.hidden = !lost;
    const text = notice.querySelector("[data-stale-text]");
    if (lost && text) text.textContent = (words().stale ?? "").replace("{t}", hms(heardAt).slice(0, 5));
  }
}

export function heard() {
  heardAt = now();
  if (!lost) return;
  lost = false;
  show();
}

export function lose() {
  if (lost) return;
  lost = true;
  show();
}

export const bind = () => lost && show();
