// Check boxes of a list and the bar that acts on the checked rows; with none checked, on the row one stands on.
import { inField } from "../lib/page.js";

const boxes = () => [...document.querySelectorAll("[data-check]")];
let held = [], sent = false;

export function update() {
  const checked = boxes().filter((b) => b.checked);
  for (const bar of document.querySelectorAll("[data-bulk]")) {
    bar.hidden = !checked.length;
    for (const count of bar.querySelectorAll("[data-bulk-count]")) count.textContent = checked.length;
  }
  for (const every of document.querySelectorAll("[data-check-all]")) {
    every.checked = checked.length > 0 && checked.length === boxes().length;
    every.indeterminate = checked.length > 0 && checked.length < boxes().length;
  }
}

function keep(values) {
  for (const box of boxes()) box.checked = values.includes(box.value);
  update();
}

function act(button) {
  const here = document.querySelector("[data-rows] [data-row][aria-selected=true] [data-check]");
  const chosen = boxes().filter((b) => b.checked);
  const named = (chosen.length || !here ? chosen : [here]).map((b) => ["ticket", b.value]);
  window.htmx.ajax("GET", `${button.getAttribute("formaction")}?${new URLSearchParams(named)}`, { source: button, target: "#dialog-here" });
}

// What was refused stays checked; a form that came back with a question keeps all.
function answered() {
  if (document.querySelector("#dialog-here form[method=post]")) return;
  keep([...document.querySelectorAll("#dialog-here [data-refused]")].map((el) => el.dataset.refused));
  document.getElementById("rows")?.dispatchEvent(new CustomEvent("desk:due", { bubbles: true }));
}

export function start() {
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-check-all]")) for (const box of boxes()) box.checked = event.target.checked;
    if (event.target.matches("[data-check], [data-check-all]")) update();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-uncheck]")) keep([]);
    const button = event.target.closest("[data-bulk-act]");
    if (button) { event.preventDefault(); act(button); }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !inField(event.target) && !document.querySelector("dialog:modal, details.sd-menu[open]")) keep([]);
  });
  document.addEventListener("htmx:before:swap", ({ detail }) => {
    held = boxes().filter((b) => b.checked).map((b) => b.value);
    sent = detail.ctx.sourceElement?.closest?.("form")?.getAttribute("action")?.includes("/bulk/") ?? false;
  });
  document.addEventListener("htmx:after:swap", () => { keep(held); if (sent) answered(); });
}

export const bind = () => update();
