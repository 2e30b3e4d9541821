// An @ in a note asks for colleagues; arrows, Enter, Tab or a press choose one.
import { put } from "../lib/put.js";
import { say } from "../lib/say.js";

let waiting = null;
// "@Be" before the caret: null where no name is being written.
function begun(field) {
  const match = /(?:^|[^\w@.])@([\p{L}][\p{L}'’. -]{0,40})$/u.exec(field.value.slice(0, field.selectionStart));
  return match ? match[1] : null;
}

const listOf = (field) => document.getElementById("mention-here")?.querySelector("[role=listbox]:has([role=option])") ?? null;
const chosen = (list) => list.querySelector("[aria-selected=true]");

function mark(field, list, option) {
  chosen(list)?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  if (option) { field.setAttribute("aria-activedescendant", option.id); say(option.dataset.name); }
}

function close(field) { document.getElementById("mention-here").replaceChildren(); field.removeAttribute("aria-activedescendant"); }

function take(field, option) {
  const name = begun(field);
  if (name !== null) put(field, `${option.dataset.name} `, field.selectionStart - name.length, field.selectionStart);
  close(field);
}

async function suggest(field) {
  const name = begun(field);
  if (name === null) return close(field);
  await window.htmx.ajax("GET", `${field.dataset.mentions}?${new URLSearchParams({ q: name.trim() })}`, { source: field, target: "#mention-here", swap: "innerMorph" });
  if (listOf(field)) mark(field, listOf(field), listOf(field).querySelector("[role=option]"));
}

function keys(event) {
  const field = event.target, list = listOf(field);
  if (!list || event.isComposing) return;
  const options = [...list.querySelectorAll("[role=option]")], at = options.indexOf(chosen(list));
  if (event.key === "Escape") close(field);
  else if (event.key === "ArrowDown" || event.key === "ArrowUp") mark(field, list, options[(at + (event.key === "ArrowDown" ? 1 : options.length - 1)) % options.length]);
  else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") take(field, options[Math.max(at, 0)]);
  else return;
  event.preventDefault(); event.stopPropagation();
}

const writes = (event) => event.target.closest?.("textarea[data-mentions]");

export function start() {
  document.addEventListener("click", (event) => {
    const option = event.target.closest("#mention-here [role=option]"), field = option?.closest("form").querySelector("[data-mentions]");
    if (field) take(field, option);
  });
  document.addEventListener("input", (event) => {
    const field = writes(event);
    clearTimeout(waiting);
    if (field && (begun(field) !== null || listOf(field))) waiting = setTimeout(() => suggest(field), 150);
  });
  document.addEventListener("keydown", (event) => writes(event) && keys(event), true);
}
