// A refused form: focus goes to the reason, or to the first field that is wrong.
import { all } from "../lib/page.js";

export function bind(root) {
  if (root.closest?.("dialog:not([open])")) return;
  const [first] = [...all(root, "[data-refusal]"), ...all(root, ".is-invalid, [aria-invalid=true]")];
  if (first && !first.closest("dialog:not([open])")) first.focus({ preventScroll: false });
}
