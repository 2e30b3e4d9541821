// <dialog> by data-dialog="id": modal, Escape closes, focus goes back to what opened it.
import { all } from "../lib/page.js";

const openers = new WeakMap();

export function open(dialog, opener = document.activeElement) {
  if (!dialog || dialog.matches(":modal")) return;
  dialog.removeAttribute("open");
  if (opener) openers.set(dialog, opener);
  dialog.showModal();
  dialog.dispatchEvent(new CustomEvent("desk:dialog", { bubbles: true }));
  (dialog.querySelector("[data-refusal], .is-invalid") ??
    dialog.querySelector(".sd-dialog-body :is(input:not([type=hidden], [disabled]), select, textarea)"))?.focus();
}

export function start() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    const dialog = opener && document.getElementById(opener.dataset.dialog);
    if (dialog) { event.preventDefault(); open(dialog, opener); return; }
    event.target.closest("[data-dialog-close]")?.closest("dialog")?.close();
  });
  document.addEventListener("close", (event) => {
    const opener = openers.get(event.target);
    if (opener?.isConnected) opener.focus();
    if (event.target.hasAttribute?.("data-remove")) event.target.remove();
  }, true);
}

// A dialog the server sent open (with the page, or as the answer of a refused form) becomes modal.
export const bind = (root) => all(root, "dialog[data-modal]").forEach((dialog) => open(dialog));
