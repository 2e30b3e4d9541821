// Ctrl/Cmd+K: go, do or find.
import { box, field, forget, load, narrow, part, select, shown } from "../lib/palette.js";
import { pageKeys } from "../lib/palette-keys.js";
import { open } from "./dialogs.js";
import { activate, find } from "./keys.js";

const WAIT_MS = 80, TICKET = /\/tickets\/([A-Z]{2}-\d{6,12})\//;
let timer = 0;

const numberOf = (text) => TICKET.exec(text ?? "")?.[1] ?? "", pageTicket = () => numberOf(location.pathname);
// The ticket at hand: the page's own, else the row that is selected.
const atHand = () => pageTicket() || numberOf(document.querySelector("[data-rows] [aria-selected=true] a[href]")?.getAttribute("href"));

async function begin() {
  field().value = "";
  forget();
  await load(atHand() ? { on: atHand() } : {}, part("offered"));
  pageKeys();
  narrow();
}

function take(option, beside) {
  const href = option.getAttribute("href");
  if (beside && href) { window.open(href, "_blank", "noopener"); return; }
  const here = "here" in option.dataset || (pageTicket() && numberOf(href) === pageTicket());
  const own = here && ((option.dataset.press && find(option.dataset.press)) || document.querySelector(`main [hx-get=${JSON.stringify(href)}]`));
  // After the dialog has given the focus back, or it would take it from what opens now.
  box().addEventListener("close", () => { if (own) activate(own); else if (href) location.assign(href); }, { once: true });
  box().close();
}

function press(event) {
  const list = shown(), at = list.findIndex((el) => el.getAttribute("aria-selected") === "true");
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: list.length - 1 }[event.key];
  if (to !== undefined && list.length && !((event.key === "Home" || event.key === "End") && field().value)) { event.preventDefault(); select(list[(to + list.length) % list.length]); }
  if (event.key === "Enter" && at >= 0) { event.preventDefault(); take(list[at], event.ctrlKey || event.metaKey); }
}

export function start() {
  if (!box()) return;
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k" || event.altKey || document.querySelector("dialog:modal")) return;
    event.preventDefault();
    open(box());
  });
  box().addEventListener("desk:dialog", () => { field().focus(); begin(); });
  box().addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && !event.ctrlKey && !event.metaKey) { event.preventDefault(); take(option, false); }
    if (event.target === box()) box().close();
  });
  field().addEventListener("keydown", press);
  field().addEventListener("input", () => {
    narrow();
    clearTimeout(timer);
    const q = field().value.trim();
    if (q.length < 2) forget(); else timer = setTimeout(() => load({ q }, part("found-here")), WAIT_MS);
  });
}
