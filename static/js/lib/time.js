// The desk's time in the browser: the server's at load, corrected by each live event, at the demonstration's speed.
const html = document.documentElement;
const speed = Number(html.dataset.speed || 1);
let base = html.dataset.now ? Date.parse(html.dataset.now) : Date.now();
let since = performance.now();

export const now = () => base + (performance.now() - since) * speed;

export function sync(iso) {
  const at = Date.parse(iso);
  if (Number.isNaN(at)) return;
  base = at;
  since = performance.now();
}

const words = () => document.body.dataset;
const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
export const phrase = (name, values) => fill(words()[`t${name[0].toUpperCase()}${name.slice(1)}`] ?? "{t}", values);

// The zone of the viewer as the server rendered it ("…+10:00"), so that both write the same wall time.
const offset = /([+-])(\d\d):(\d\d)$/.exec(html.dataset.now ?? "");
const shift = offset ? (offset[1] === "-" ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3])) * 60000 : 0;
export const offsetText = offset?.[0] ?? "Z";
export const wall = (at) => new Date(at + shift).toISOString().slice(0, 16);
export const hms = (at = now()) => new Date(at + shift).toISOString().slice(11, 19);

// "3:52" below an hour, "1 h 28" below a day; as servicedesk/web/times.py writes it.
export function countdown(seconds) {
  const s = Math.trunc(Math.abs(seconds));
  if (s < 3600) return `${Math.trunc(s / 60)}:${String(s % 60).padStart(2, "0")}`;
  return phrase("hours", { h: Math.trunc(s / 3600), m: String(Math.trunc((s % 3600) / 60)).padStart(2, "0") });
}

export function remaining(seconds, form) {
  const t = countdown(seconds);
  if (seconds <= 0) return phrase("over", { t });
  return form ? phrase(form, { t }) : t;
}
