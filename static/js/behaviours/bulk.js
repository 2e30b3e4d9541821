// Check boxes of a list and the bar that acts on the checked rows.
const boxes = () => [...document.querySelectorAll("[data-check]")];

export function update() {
  const checked = boxes().filter((b) => b.checked);
  for (const bar of document.querySelectorAll("[data-bulk]")) {
    bar.hidden = !checked.length;
    for (const count of bar.querySelectorAll("[data-bulk-count]")) count.textContent = checked.length;
  }
  for (const every of document.querySelectorAll("[data-check-all]")) {
    every.checked = checked.length > 0 && checked.length === boxes().length;
    every.indeterminate = checked.length > 0 && checked.length < boxes().length;
  }
}

export function start() {
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-check-all]")) for (const box of boxes()) box.checked = event.target.checked;
    if (event.target.matches("[data-check], [data-check-all]")) update();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-uncheck]")) return;
    for (const box of boxes()) box.checked = false;
    update();
  });
}

export const bind = () => update();
