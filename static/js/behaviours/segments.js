// What depends on a choice: [data-show-when="name=value other"] parts, [data-words-for="name"] labels (data-value-<value>).
import { all } from "../lib/page.js";

const valueOf = (form, name) => {
  const field = form.elements[name];
  if (!field) return "";
  if (field.type === "checkbox") return field.checked ? field.value : "";
  return field.value ?? "";
};

export function follow(form) {
  for (const part of form.querySelectorAll("[data-show-when]")) {
    const [name, values] = part.dataset.showWhen.split("=");
    const on = values.split(" ").includes(valueOf(form, name));
    part.hidden = !on;
    part.querySelectorAll("input, select, textarea").forEach((f) => { f.disabled = !on; });
  }
  for (const label of form.querySelectorAll("[data-words-for]")) {
    const text = label.getAttribute(`data-value-${valueOf(form, label.dataset.wordsFor)}`);
    if (text === null) continue;
    if (label.matches("textarea, input")) label.placeholder = text; else label.textContent = text;
  }
}

export function start() {
  document.addEventListener("change", (event) => {
    if (event.target.form) follow(event.target.form);
    if (event.target.matches("[data-submit-on-change]")) event.target.form?.requestSubmit();
  });
  // Keys choose too: n for a public note, shift n for an internal one.
  document.addEventListener("click", (event) => {
    const chooser = event.target.closest("[data-choose]");
    if (!chooser) return;
    const [name, value] = chooser.dataset.choose.split("=");
    const radio = document.querySelector(`input[name="${CSS.escape(name)}"][value="${CSS.escape(value)}"]`);
    if (!radio) return;
    radio.checked = true;
    follow(radio.form);
    radio.form.querySelector("textarea")?.focus();
  });
}

export const bind = (root) => all(root, "form").forEach(follow);
