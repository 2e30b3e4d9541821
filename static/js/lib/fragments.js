// Which parts of the page are live, what they are about, and whether someone is busy in one.
export const fragments = () => [...document.querySelectorAll("[data-live]")];
export const topicsOf = (el) => (el.dataset.topics ?? "").split(/\s+/).filter(Boolean);

export const busy = (el) => {
  const active = document.activeElement;
  const typing = active && el.contains(active) && active.matches("input:not([type=checkbox]), textarea, select");
  return typing || el.querySelector("details.sd-menu[open], dialog[open]") !== null;
};

// Everything the page listens for, in one word; what a wider topic ("ticket:*") holds already is not named again.
export function listened() {
  const all = [...new Set(fragments().flatMap(topicsOf))];
  return all.filter((t) => !all.some((w) => w !== t && w.endsWith("*") && t.startsWith(w.slice(0, -1)))).sort().join(",");
}

export const concerns = (wanted, topics) => wanted.some((w) =>
  topics.some((t) => w === t || (w.endsWith("*") && t.startsWith(w.slice(0, -1)))));
