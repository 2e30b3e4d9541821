// A double click is one command: a form is sent once until its answer is there; each carries a key the server knows again.
import { all } from "../lib/page.js";

const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");

function release(form) {
  delete form.dataset.sent;
  form.querySelectorAll("[data-held]").forEach((b) => { b.removeAttribute("aria-disabled"); delete b.dataset.held; });
}

export function start() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.closest("[data-sign-in], [data-many]")) return;
    if ("sent" in form.dataset) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    form.dataset.sent = "";
    for (const button of form.querySelectorAll("button:not([type=button])")) { button.setAttribute("aria-disabled", "true"); button.dataset.held = ""; }
  }, true);
  document.addEventListener("htmx:finally:request", (event) => {
    const form = event.detail.ctx.sourceElement?.closest?.("form");
    if (!form) return;
    release(form);
    const status = event.detail.ctx.response?.status;
    const key = form.elements.once;
    if (key && status && status < 400) key.value = newKey();
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));
}

export const bind = (root) => all(root, "form").forEach((form) => {
  const key = form.elements.once;
  if (key && !key.value) key.value = newKey();
});
