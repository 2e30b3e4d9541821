// details.sd-menu closes on Escape (focus back to its button), on a click outside and when one of its commands is taken.
const open = () => [...document.querySelectorAll("details.sd-menu[open]")];

export function start() {
  document.addEventListener("click", (event) => {
    for (const menu of open()) {
      const inside = menu.contains(event.target);
      if (!inside || event.target.closest("ul button, ul a")) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    }
  });
}
