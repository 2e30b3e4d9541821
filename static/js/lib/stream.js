// The one line to the desk: hints come in, and it says when it stands, so that what changed before is asked for.
import { fragments, listened } from "./fragments.js";

const heard = new EventTarget();
let source = null, listening = "";

export const isOpen = () => source?.readyState === EventSource.OPEN;
export const on = (kind, call) => heard.addEventListener(kind, call);
const tell = (kind, detail) => heard.dispatchEvent(new CustomEvent(kind, { detail }));

function hint(event) {
  try { tell("hint", JSON.parse(event.data)); } catch { /* not a hint of ours */ }
}

// Open the line, or open it anew where the page listens for something else by now.
export function connect() {
  if (!document.body.dataset.events || !fragments().length) return;
  const topics = listened();
  if (source && topics === listening && source.readyState !== EventSource.CLOSED) return;
  source?.close();
  listening = topics;
  source = new EventSource(`${document.body.dataset.events}?${new URLSearchParams({ topics })}`);
  for (const kind of ["message", "hint"]) source.addEventListener(kind, hint);
  source.addEventListener("open", () => tell("open"));
}

export function reconnect() {
  source?.close();
  source = null;
  connect();
  return source !== null;
}
