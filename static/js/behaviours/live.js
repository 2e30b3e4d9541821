// Live fragments: a hint says that something changed, the page asks again with its own rights. Polling is the fallback.
import { busy, concerns, fragments, listened, topicsOf } from "../lib/fragments.js";
import { sync } from "../lib/time.js";
import { gently } from "./gently.js";
import { heard, lose } from "./stale.js";

const POLL_MS = 15000, JITTER_MS = 300, RETRY_MS = 2000;
const waiting = new Map(), held = new Map();
let source = null, listening = "";

const isOpen = () => source?.readyState === EventSource.OPEN;

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

function hint(event) {
  let data;
  try { data = JSON.parse(event.data); } catch { return; }
  if (data.now) sync(data.now);
  heard();
  const topics = [].concat(data.topics ?? data.topic ?? []);
  fragments().filter((el) => concerns(topicsOf(el), topics)).forEach((el) => ask(el));
}

function connect() {
  if (!document.body.dataset.events || !fragments().length) return;
  const topics = listened();
  if (source && topics === listening && source.readyState !== EventSource.CLOSED) return;
  source?.close();
  listening = topics;
  source = new EventSource(`${document.body.dataset.events}?${new URLSearchParams({ topics })}`);
  for (const kind of ["message", "hint"]) source.addEventListener(kind, hint);
  source.addEventListener("open", heard);
}

export function start() {
  document.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail;
    if (!ctx.sourceElement?.matches?.("[data-live]")) return;
    const tag = ctx.response.headers.get("ETag");
    if (tag && ctx.response.status === 200) held.set(ctx.sourceElement.dataset.live, tag);
    if (ctx.response.status < 400) heard(); else if (ctx.response.status >= 500) lose();
  });
  document.addEventListener("htmx:error", (event) => event.target.matches?.("[data-live]") && lose());
  document.addEventListener("desk:due", (event) => { const el = event.target.closest("[data-live]"); if (el) ask(el); });
  document.addEventListener("click", (event) => event.target.closest("[data-live-now]") && fragments().forEach((el) => ask(el, 0)));
  setInterval(() => { connect(); if (!isOpen()) fragments().forEach((el) => ask(el)); }, POLL_MS);
}

const first = (el) => { el.removeAttribute("data-live-first"); ask(el); };
export const bind = () => { connect(); document.querySelectorAll("[data-live-first]").forEach(first); };
