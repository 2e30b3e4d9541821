// j and k walk the rows of [data-rows], x checks the current one. Enter is the link's own. `desk:row` says where one is.
import { inField } from "../lib/page.js";

const current = (box) => box.querySelector("[data-row][aria-selected=true]");
const last = { id: "", at: -1 };

export function select(row, quietly = false) {
  const box = row.closest("[data-rows]"), before = current(box);
  for (const other of box.querySelectorAll("[data-row][aria-selected=true]")) if (other !== row) other.removeAttribute("aria-selected");
  row.setAttribute("aria-selected", "true");
  if (before !== row && !quietly) row.dispatchEvent(new CustomEvent("desk:row", { bubbles: true }));
}

function move(box, by) {
  const rows = [...box.querySelectorAll("[data-row]")];
  if (!rows.length) return;
  const at = rows.indexOf(current(box));
  const row = rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
  select(row);
  row.querySelector("a[href]")?.focus();
  row.scrollIntoView({ block: "nearest" });
}

export function start() {
  document.addEventListener("keydown", (event) => {
    const box = document.querySelector("[data-rows]");
    if (!box || event.ctrlKey || event.metaKey || event.altKey || inField(event.target)) return;
    if (document.body.dataset.keys === "off" || document.querySelector("dialog:modal")) return;
    if (event.key === "j" || event.key === "k") { event.preventDefault(); move(box, event.key === "j" ? 1 : -1); }
    if (event.key === "x") current(box)?.querySelector("[data-check]")?.click();
  });
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest?.("[data-rows] [data-row]");
    if (row) select(row, event.target.matches("[data-check]"));
  });
  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-rows] [data-row]");
    if (row && !event.target.closest("a, button, input, label, summary")) select(row);
  });
  // A live piece is drawn anew: one stands on the same row; if it left the list, on the one that took its place.
  document.addEventListener("htmx:before:swap", () => {
    const box = document.querySelector("[data-rows]"), row = box && current(box);
    if (row) [last.id, last.at] = [row.id, [...box.querySelectorAll("[data-row]")].indexOf(row)];
  });
  document.addEventListener("htmx:after:swap", () => {
    const box = document.querySelector("[data-rows]");
    if (!box || current(box) || !last.id) return;
    const row = box.querySelector(`#${CSS.escape(last.id)}`) ?? box.querySelectorAll("[data-row]")[last.at];
    if (row) select(row, row.id === last.id);
  });
}
