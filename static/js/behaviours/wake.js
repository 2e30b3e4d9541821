// A machine that slept, or a line that came back: the page says so once, and whatever is live begins anew.
const BEAT_MS = 5000, SLEPT_MS = 15000, SLOW_POLL_MS = 60000;
let beat = Date.now(), hiddenAt = 0;

const wake = () => document.dispatchEvent(new CustomEvent("desk:wake"));

function watch() {
  const slept = Date.now() - beat;
  beat = Date.now();
  if (slept > SLEPT_MS) wake();
}

// Ages and the line of now move though nothing happens.
const grow = () => document.querySelectorAll("[data-live-minute]").forEach((el) => el.dispatchEvent(new CustomEvent("desk:due", { bubbles: true, detail: {} })));

export function start() {
  setInterval(watch, BEAT_MS);
  setInterval(grow, SLOW_POLL_MS);
  window.addEventListener("online", wake);
  window.addEventListener("pageshow", (event) => event.persisted && wake());
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) hiddenAt = Date.now();
    else if (Date.now() - hiddenAt > SLOW_POLL_MS) wake();
  });
}
