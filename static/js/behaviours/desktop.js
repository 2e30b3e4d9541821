// Desktop notifications, by this browser's own choice: what is new for me is claimed by one tab and shown once.
const KEY = "desk-desktop", POLL_MS = 10000;
const known = () => "Notification" in window;
const allowed = () => known() && Notification.permission === "granted" && localStorage.getItem(KEY) === "on";
const headers = () => JSON.parse(document.body.getAttribute("hx-headers:inherited") ?? "{}");
const send = (body) => fetch(document.body.dataset.notices, { method: "POST", headers: headers(), body });

function show({ id, title, text, url, severe }) {
  const shown = new Notification(title, { body: text, tag: id, requireInteraction: severe });
  shown.addEventListener("click", async () => {
    window.focus();
    await send(new URLSearchParams({ seen: id })).catch(() => null);
    location.assign(url);
  });
}

async function claim() {
  if (!document.body.dataset.notices || !allowed()) return;
  try {
    const answer = await send(new URLSearchParams());
    if (answer.ok) (await answer.json()).notices.forEach(show);
  } catch { /* the next turn asks again; mail and the inbox have it too */ }
}

async function ask(event) {
  const button = event.target.closest?.("[data-desktop-ask]");
  if (!button || allowed()) return;
  event.preventDefault();
  const answer = known() ? await Notification.requestPermission() : "denied";
  if (answer !== "granted") {
    document.getElementById("say").textContent = button.dataset.desktopAsk;
    button.title = button.dataset.desktopAsk;
    return;
  }
  localStorage.setItem(KEY, "on");
  button.form.requestSubmit(button);
}

export function start() {
  document.addEventListener("click", ask);
  setInterval(claim, POLL_MS);
  claim();
}
