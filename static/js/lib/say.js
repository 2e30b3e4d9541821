// The one live region. A repeated sentence is spoken again because the region is emptied first.
export function say(text) {
  const region = document.getElementById("say");
  if (!region || !text) return;
  region.textContent = "";
  requestAnimationFrame(() => { region.textContent = text; });
}
