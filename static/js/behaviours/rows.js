// j and k walk the rows of [data-rows], x checks the current one. Enter is the link's own.
import { inField } from "../lib/page.js";

const current = (box) => box.querySelector("[data-row][aria-selected=true]");

export function select(row) {
  const box = row.closest("[data-rows]");
  for (const other of box.querySelectorAll("[data-row][aria-selected=true]")) if (other !== row) other.removeAttribute("aria-selected");
  row.setAttribute("aria-selected", "true");
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
    if (row) select(row);
  });
  // After a command the row it was about may be gone: focus goes to the one that took its place.
  document.addEventListener("htmx:before:swap", () => {
    const box = document.querySelector("[data-rows]");
    if (box) box.dataset.at = [...box.querySelectorAll("[data-row]")].indexOf(current(box));
  });
  document.addEventListener("htmx:after:swap", () => {
    const box = document.querySelector("[data-rows]");
    const row = box && !current(box) && box.querySelectorAll("[data-row]")[Number(box.dataset.at ?? -1)];
    if (row) select(row);
  });
}
