// What the reader opened stays open when a live piece is drawn anew: `details` with an id are remembered on this page.
import { all } from "../lib/page.js";

const opened = new Set();

export function start() {
  document.addEventListener("toggle", ({ target }) => {
    if (!target.matches?.("details[id]")) return;
    if (target.open) opened.add(target.id); else opened.delete(target.id);
  }, true);
}

export const bind = (root) => all(root, "details[id]").forEach((part) => { if (opened.has(part.id)) part.open = true; });
