// Help while writing a note: a text block goes to the end, files are dropped or pasted.
import { put } from "../lib/put.js";

function insert(button) {
  const form = button.closest("form"), field = form?.querySelector("textarea");
  if (!field) return;
  const only = button.dataset.for, radio = only && form.querySelector(`input[name=visibility][value=${CSS.escape(only)}]`);
  if (radio && !radio.checked) radio.click();
  const open = field.value && !field.value.endsWith("\n") ? "\n\n" : "";
  put(field, open + button.dataset.insert, field.value.length, field.value.length);
  button.closest("details")?.removeAttribute("open");
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

const field = (event) => event.target.closest?.("form:has([data-drop])")?.querySelector("[data-drop]");

export function start() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert]");
    if (button) insert(button);
  });
  document.addEventListener("paste", (event) => event.target.matches?.("[data-drop]") && add(event.target, event.clipboardData?.files ?? []) && event.preventDefault());
  document.addEventListener("dragover", (event) => field(event) && event.dataTransfer?.types.includes("Files") && event.preventDefault());
  document.addEventListener("drop", (event) => field(event) && add(field(event), event.dataTransfer?.files ?? []) && event.preventDefault());
}
