// Which parts of the page are live, what they are about, and whether someone is busy in one.
export const fragments = () => [...document.querySelectorAll("[data-live]")];
export const topicsOf = (el) => (el.dataset.topics ?? "").split(/\s+/).filter(Boolean);

export const busy = (el) => {
  const active = document.activeElement;
  const typing = active && el.contains(active) && active.matches("input:not([type=checkbox]), textarea, select");
  return typing || el.querySelector("[data-check]:checked, details.sd-menu[open], dialog[open]") !== null;
};

export const concerns = (wanted, topics) => wanted.some((w) =>
  topics.some((t) => w === t || (w.endsWith("*") && t.startsWith(w.slice(0, -1)))));
