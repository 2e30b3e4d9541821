import { find, labelOf } from "../behaviours/keys.js";
import { box, part } from "./palette.js";

// The keys of this page that are no command of a ticket: its filter, its views, its notes.
export function pageKeys() {
  const known = new Set([...box().querySelectorAll("[data-press]")].map((el) => el.dataset.press));
  const found = [...document.querySelectorAll("main [data-key]")].filter((el) => !known.has(el.dataset.key) && find(el.dataset.key) === el);
  if (!found.length) return;
  const group = document.createElement("div"), title = document.createElement("div");
  group.setAttribute("role", "group"); group.dataset.kind = "page"; group.setAttribute("aria-labelledby", "pk");
  title.className = "sd-nav-title"; title.id = "pk"; title.textContent = box().dataset.page;
  group.append(title, ...found.map((el, n) => {
    const option = document.createElement("div"), label = document.createElement("span"), key = document.createElement("kbd");
    option.setAttribute("role", "option"); option.setAttribute("aria-selected", "false"); option.id = `pk-${n}`; option.dataset.press = el.dataset.key; option.dataset.here = "";
    label.className = "sd-trunc"; label.textContent = labelOf(el);
    key.className = "sd-kbd ms-auto"; key.textContent = el.dataset.key.toUpperCase();
    option.append(label, key);
    return option;
  }));
  part("offered").append(group);
}
