// Live fragments: a hint says that something changed, the page asks again with its own rights. Polling is the fallback.
import { busy, concerns, fragments, topicsOf } from "../lib/fragments.js";
import { connect, isOpen, on, reconnect } from "../lib/stream.js";
import { sync } from "../lib/time.js";
import { gently } from "./gently.js";
import { heard, lose } from "./stale.js";

const POLL_MS = 15000, JITTER_MS = 300, RETRY_MS = 2000;
const waiting = new Map(), held = new Map();
let woken = false;

async function refresh(el) {
  waiting.delete(el);
  if (!el.isConnected || await gently(el)) return;
  if (busy(el)) return ask(el, RETRY_MS);
  const tag = held.get(el.dataset.live), headers = { "X-Desk-Poll": "1", ...(tag && { "If-None-Match": tag }) };
  await window.htmx.ajax("GET", el.dataset.live, { source: el, target: el, swap: el.dataset.liveSwap ?? "outerMorph", headers });
}

function ask(el, delay = Math.random() * JITTER_MS) {
  if (!waiting.has(el)) waiting.set(el, setTimeout(() => refresh(el), delay));
}

function hint({ detail: data }) {
  if (data.now) sync(data.now);
  heard();
  const topics = [].concat(data.topics ?? data.topic ?? []);
  fragments().filter((el) => topics.includes("*") || concerns(topicsOf(el), topics)).forEach((el) => ask(el));
}

// What changed before the line stood is asked for once it stands: after sleep everything, else what says it must.
function opened() {
  heard();
  fragments().filter((el) => woken || "liveOpen" in el.dataset).forEach((el) => ask(el));
  woken = false;
}

function wake() {
  woken = true;
  if (!reconnect()) fragments().forEach((el) => ask(el));
}

export function start() {
  on("hint", hint);
  on("open", opened);
  document.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail;
    if (!ctx.sourceElement?.matches?.("[data-live]")) return;
    const tag = ctx.response.headers.get("ETag");
    if (tag && ctx.response.status === 200) held.set(ctx.sourceElement.dataset.live, tag);
    if (ctx.response.status < 400) heard(); else if (ctx.response.status >= 500) lose();
  });
  document.addEventListener("htmx:error", (event) => event.target.matches?.("[data-live]") && lose());
  document.addEventListener("desk:due", (event) => { const el = event.target.closest("[data-live]"); if (el) ask(el); });
  document.addEventListener("desk:wake", wake);
  document.addEventListener("click", (event) => event.target.closest("[data-live-now]") && fragments().forEach((el) => ask(el, 0)));
  setInterval(() => { connect(); if (!isOpen()) fragments().forEach((el) => ask(el)); }, POLL_MS);
}

export const bind = () => { connect(); document.querySelectorAll("[data-live-first]").forEach((el) => { el.removeAttribute("data-live-first"); ask(el); }); };
