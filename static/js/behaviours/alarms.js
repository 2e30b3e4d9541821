// The board's alarms, by this browser's own choice: a tone and a notification for what was not on it before.
const KEY = "desk-alarm-";
const seen = new Set();
let first = true, audio = null;

const on = (kind) => localStorage.getItem(KEY + kind) === "on";
const show = () => document.querySelectorAll("[data-alarm]").forEach((b) => b.setAttribute("aria-pressed", on(b.dataset.alarm)));

async function tone() {
  audio ??= new AudioContext();
  await audio.resume();
  for (const [n, pitch] of [660, 880].entries()) {
    const voice = audio.createOscillator(), loudness = audio.createGain(), from = audio.currentTime + n * 0.18;
    voice.frequency.value = pitch;
    loudness.gain.setValueAtTime(0.15, from);
    loudness.gain.exponentialRampToValueAtTime(0.001, from + 0.16);
    voice.connect(loudness).connect(audio.destination);
    voice.start(from);
    voice.stop(from + 0.17);
  }
}

function hear() {
  const board = document.querySelector("[data-alarms]");
  if (!board) return;
  const news = Object.entries(JSON.parse(board.dataset.alarms)).filter(([key]) => !seen.has(key));
  news.forEach(([key]) => seen.add(key));
  const silent = first || !news.length;
  first = false;
  if (silent) return;
  document.dispatchEvent(new CustomEvent("desk:alarm", { detail: news.map(([, text]) => text) }));
  if (on("sound")) tone().catch(() => null);
  if (on("desktop") && window.Notification?.permission === "granted") new Notification(news[0][1], { tag: "board", body: news.slice(1, 4).map(([, text]) => text).join("\n") });
}

async function choose(event) {
  const button = event.target.closest?.("[data-alarm]");
  if (!button) return;
  const kind = button.dataset.alarm, wanted = !on(kind);
  if (wanted && kind === "desktop" && (await window.Notification?.requestPermission?.()) !== "granted") {
    document.getElementById("say").textContent = button.title = button.dataset.desktopNo;
    return;
  }
  localStorage.setItem(KEY + kind, wanted ? "on" : "off");
  show();
  if (wanted && kind === "sound") tone().catch(() => null);
}

export function start() {
  document.addEventListener("click", choose);
  document.addEventListener("htmx:after:swap", hear);
}

export const bind = () => { show(); hear(); };
