// Buttons that need no server: print, load again, copy a reference, go back.
export function start() {
  document.addEventListener("click", (event) => {
    const at = (name) => event.target.closest(`[data-${name}]`);
    if (at("print")) window.print();
    if (at("reload")) location.reload();
    if (at("back")) { event.preventDefault(); history.back(); }
    const copy = at("copy");
    if (copy) navigator.clipboard?.writeText(copy.dataset.copy);
  });
}
