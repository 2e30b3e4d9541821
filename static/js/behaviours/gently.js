// A list in somebody's hands: changes show in their own rows and nothing moves; "4 changes, show" brings the order.
import { say } from "../lib/say.js";

const STILL_MS = 2000;
let touched = -Infinity, wanted = false;

const rowsOf = (root) => [...root.querySelectorAll("[data-row]")];
const cells = (row) => [...row.children].slice(1);

function inHand(el) {
  if (!("liveRows" in el.dataset)) return false;
  const held = el.querySelector("[data-check]:checked") !== null || performance.now() - touched < STILL_MS;
  const shown = wanted;
  wanted = false;
  return held && !shown;
}

function tell(count) {
  for (const bar of document.querySelectorAll("[data-changes]")) {
    bar.hidden = !count;
    bar.querySelector("[data-changes-count]").textContent = count;
    if (count) say(bar.textContent.trim());
  }
}

// Whether the list was in somebody's hands, and is shown so.
export async function gently(el) {
  if (!inHand(el)) return false;
  const answer = await fetch(el.dataset.live, { headers: { "HX-Request": "true", "X-Desk-Poll": "1" } });
  if (!answer.ok || !el.isConnected) return true;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.getElementById("queue-tabs")?.replaceChildren(...(fresh.getElementById("queue-tabs")?.childNodes ?? []));
  const news = new Map(rowsOf(fresh).map((row) => [row.id, row]));
  const stay = rowsOf(el).filter((row) => news.has(row.id));
  const order = [...news.keys()].filter((id) => el.querySelector(`#${CSS.escape(id)}`));
  let moved = news.size - stay.length;
  for (const row of rowsOf(el)) {
    const next = news.get(row.id);
    row.toggleAttribute("data-gone", !next);
    if (!next) moved += 1;
    else if (cells(next).map((c) => c.outerHTML).join("") !== cells(row).map((c) => c.outerHTML).join("")) {
      cells(row).forEach((cell) => cell.remove());
      row.append(...cells(next));
    }
  }
  tell(moved + stay.filter((row, n) => order[n] !== row.id).length);
  return true;
}

export function start() {
  const touch = (event) => { if (event.target.closest?.("[data-live-rows]")) touched = performance.now(); };
  for (const kind of ["pointermove", "pointerdown", "keydown"]) document.addEventListener(kind, touch, { passive: true });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-changes-show]")) wanted = true; }, true);
  document.addEventListener("htmx:after:swap", () => tell(0));
}
