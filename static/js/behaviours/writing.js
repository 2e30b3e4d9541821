// Help while writing a note: a text block goes where one stands, an @ asks for colleagues, files are dropped or pasted.
import { say } from "../lib/say.js";

const WAIT_MS = 150;
let waiting = null;

function put(field, text, from = field.selectionStart, to = field.selectionEnd) {
  field.setRangeText(text, from, to, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

function insert(button) {
  const form = button.closest("form"), field = form?.querySelector("textarea");
  if (!field) return;
  const only = button.dataset.for, radio = only && form.querySelector(`input[name=visibility][value=${CSS.escape(only)}]`);
  if (radio && !radio.checked) radio.click();
  const open = field.value && !field.value.endsWith("\n") ? "\n\n" : "";
  put(field, open + button.dataset.insert, field.value.length, field.value.length);
  button.closest("details")?.removeAttribute("open");
}

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

function close(field) {
  document.getElementById("mention-here").replaceChildren();
  field.removeAttribute("aria-activedescendant");
}

function take(field, option) {
  const name = begun(field);
  if (name !== null) put(field, `${option.dataset.name} `, field.selectionStart - name.length, field.selectionStart);
  close(field);
}

async function suggest(field) {
  const name = begun(field);
  if (name === null) return close(field);
  const query = new URLSearchParams({ q: name.trim() });
  await window.htmx.ajax("GET", `${field.dataset.mentions}?${query}`, { source: field, target: "#mention-here", swap: "innerHTML" });
  const list = listOf(field);
  if (list) mark(field, list, list.querySelector("[role=option]"));
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

function add(field, files) {
  const input = document.querySelector(field.dataset.drop);
  if (!input || !files.length) return false;
  const all = new DataTransfer();
  [...input.files, ...files].forEach((file) => all.items.add(file));
  input.files = all.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  input.closest("details")?.setAttribute("open", "");
  return true;
}

const writes = (event) => event.target.closest?.("textarea[data-mentions]");

export function start() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert]"), option = event.target.closest("#mention-here [role=option]");
    if (button) insert(button);
    if (option) take(option.closest("form").querySelector("[data-mentions]"), option);
  });
  document.addEventListener("input", (event) => {
    const field = writes(event);
    if (!field) return;
    clearTimeout(waiting);
    if (begun(field) !== null || listOf(field)) waiting = setTimeout(() => suggest(field), WAIT_MS);
  });
  document.addEventListener("keydown", (event) => writes(event) && keys(event), true);
  document.addEventListener("paste", (event) => writes(event) && add(writes(event), event.clipboardData?.files ?? []) && event.preventDefault());
  document.addEventListener("dragover", (event) => event.target.closest?.("form:has([data-drop])") && event.dataTransfer?.types.includes("Files") && event.preventDefault());
  document.addEventListener("drop", (event) => {
    const field = event.target.closest?.("form:has([data-drop])")?.querySelector("[data-drop]");
    if (field && add(field, event.dataTransfer?.files ?? [])) event.preventDefault();
  });
}
