// Ctrl/Cmd+K: go, do or find. What is offered is filtered here at once; what is found comes from the server.
import { say } from "../lib/say.js";
import { open } from "./dialogs.js";
import { activate, find, labelOf } from "./keys.js";

const WAIT_MS = 80;
const TICKET = /\/tickets\/([A-Z]{2}-\d{6,12})\//;
let timer = 0, asked = 0;

const box = () => document.getElementById("palette");
const field = () => document.getElementById("palette-field");
const part = (name) => box().querySelector(`[data-${name}]`);
const shown = () => [...box().querySelectorAll("[role=option]")].filter((el) => !el.hidden && !el.closest("[hidden]"));
const numberOf = (text) => TICKET.exec(text ?? "")?.[1] ?? "";
const pageTicket = () => numberOf(location.pathname);

// The ticket at hand: the page's own, else the row that is selected.
const atHand = () => pageTicket() || numberOf(document.querySelector("[data-rows] [aria-selected=true] a[href]")?.getAttribute("href"));

function select(option) {
  for (const other of box().querySelectorAll("[role=option]")) other.setAttribute("aria-selected", String(other === option));
  if (option) { field().setAttribute("aria-activedescendant", option.id); option.scrollIntoView({ block: "nearest" }); } else field().removeAttribute("aria-activedescendant");
}

function narrow() {
  const typed = field().value, kind = { ">": ["commands", "page"], "#": [], "@": [] }[typed[0]];
  const words = typed.replace(/^[>#@]/, "").toLowerCase().split(/\s+/).filter(Boolean);
  for (const group of part("offered").querySelectorAll("[data-kind]")) {
    const wanted = !kind || kind.includes(group.dataset.kind);
    for (const option of group.querySelectorAll("[role=option]")) {
      const text = option.textContent.toLowerCase();
      option.hidden = !wanted || !words.every((word) => text.includes(word));
    }
    group.hidden = ![...group.querySelectorAll("[role=option]")].some((option) => !option.hidden);
  }
  select(shown()[0]);
}

async function load(parameters, into) {
  const mine = ++asked;
  const answer = await fetch(`${box().dataset.url}?${new URLSearchParams(parameters)}`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (mine !== asked || !answer?.ok) return;
  const made = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (mine !== asked) return;
  into.replaceChildren(...made.body.childNodes);
  narrow();
  const n = shown().length;
  say(n ? box().dataset.count.replace("{n}", n) : box().dataset.none);
}

// The keys of this page that are no command of a ticket: its filter, its views, its notes.
function pageKeys() {
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

async function begin() {
  field().value = "";
  part("found-here").replaceChildren();
  const on = atHand();
  await load(on ? { on } : {}, part("offered"));
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
    if (q.length < 2) { ++asked; part("found-here").replaceChildren(); return; }
    timer = setTimeout(() => load({ q }, part("found-here")), WAIT_MS);
  });
}
