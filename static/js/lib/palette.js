// The palette's list: what is offered is filtered here at once, what is found comes from the server.
import { say } from "./say.js";

let asked = 0;

export const box = () => document.getElementById("palette");
export const field = () => document.getElementById("palette-field");
export const part = (name) => box().querySelector(`[data-${name}]`);
export const shown = () => [...box().querySelectorAll("[role=option]")].filter((el) => !el.hidden && !el.closest("[hidden]"));

export function select(option) {
  for (const other of box().querySelectorAll("[role=option]")) other.setAttribute("aria-selected", String(other === option));
  if (option) { field().setAttribute("aria-activedescendant", option.id); option.scrollIntoView({ block: "nearest" }); } else field().removeAttribute("aria-activedescendant");
}

export function narrow() {
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

export async function load(parameters, into) {
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

export const forget = () => { ++asked; part("found-here").replaceChildren(); };
