// Small questions several behaviours ask of the page.
export const all = (root, selector) => [
  ...(root.matches?.(selector) ? [root] : []),
  ...root.querySelectorAll(selector),
];

export const inField = (el) =>
  el?.isContentEditable || el?.matches?.("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])");

export function setIcon(svg, name) {
  const use = svg?.querySelector("use");
  const href = use?.getAttribute("href");
  if (href) use.setAttribute("href", `${href.split("#")[0]}#i-${name}`);
}

export function setCookie(name, value) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; path=/; max-age=31536000; SameSite=Lax${secure}`;
}

export const words = () => document.getElementById("words")?.dataset ?? {};
