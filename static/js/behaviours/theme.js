// Light and dark. The choice is a cookie, so that the server renders the next page right at once.
import { setCookie, setIcon } from "../lib/page.js";

export function start() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-switch]");
    if (!button) return;
    const html = document.documentElement;
    const theme = html.dataset.bsTheme === "dark" ? "light" : "dark";
    html.dataset.bsTheme = theme;
    setCookie("desk_theme", theme);
    setIcon(button.querySelector("svg"), theme === "dark" ? "sun" : "moon");
    button.setAttribute("aria-label", theme === "dark" ? button.dataset.toLight : button.dataset.toDark);
  });
}
