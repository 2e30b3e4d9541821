// One handler says what happened when an answer is not a page; what was typed is never touched.
import { words } from "../lib/page.js";
import { signInAgain } from "./session.js";
import { toast } from "./toasts.js";

const SWAPPED = new Set([422]);

// A problem document names the reason better than its number does.
function reason(ctx) {
  if (!/json/.test(ctx.response.headers.get("Content-Type") ?? "")) return "";
  try { return JSON.parse(ctx.text).detail ?? ""; } catch { return ""; }
}

function explain(ctx) {
  const { status, headers } = ctx.response;
  const known = words();
  const kind = `e${status}` in known ? `e${status}` : status < 500 ? "e404" : "e500";
  const ref = headers.get("X-Request-ID") ?? String(status);
  toast({ title: known[kind], text: reason(ctx) || (known[`${kind}Text`] ?? "").replace("{ref}", ref), state: "breached" });
}

export function start() {
  document.addEventListener("htmx:response:error", (event) => {
    const { ctx } = event.detail;
    if (SWAPPED.has(ctx.response.status)) return;
    ctx.swap = "none";
    if (ctx.response.status === 401) { delete ctx.hx.redirect; return void signInAgain(); }
    if (ctx.sourceElement?.matches?.("[data-live]")) return;
    explain(ctx);
  });
  document.addEventListener("htmx:error", (event) => {
    if (event.target.matches?.("[data-live]")) return;
    const known = words();
    toast({ title: known.offline, text: known.offlineText, state: "soon" });
  });
}
