// The row one stands on is read at the right, without opening it; the address names it, so that a reload stands there.
import { inField } from "../lib/page.js";
import { select } from "./rows.js";

const WAIT_MS = 150;
let timer = 0, shown = "";

const box = () => document.querySelector("[data-preview]");
const wide = () => window.matchMedia("(min-width: 768px)").matches;

function remember(number) {
  const url = new URL(location.href);
  if (number) url.searchParams.set("ticket", number); else url.searchParams.delete("ticket");
  history.replaceState(history.state, "", url);
}

function load(row) {
  const number = row.id.replace("row-", "");
  if (!row.isConnected || number === shown) return;
  shown = number;
  box().hidden = false;
  window.htmx.ajax("GET", `${row.querySelector("a[href]").getAttribute("href")}preview/`, { source: box(), target: box() });
  remember(number);
}

function close() {
  box().hidden = true;
  box().replaceChildren();
  shown = "";
  remember("");
}

export function start() {
  document.addEventListener("desk:row", (event) => {
    if (!box() || !wide()) return;
    clearTimeout(timer);
    timer = setTimeout(load, WAIT_MS, event.target);
  });
  document.addEventListener("click", (event) => event.target.closest("[data-preview-close]") && close());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !box() || box().hidden || inField(event.target)) return;
    if (!document.querySelector("dialog:modal, details.sd-menu[open], [data-check]:checked")) close();
  });
  const row = document.getElementById(`row-${new URLSearchParams(location.search).get("ticket")}`);
  if (row && box()) select(row);
}
