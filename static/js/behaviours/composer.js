// Ctrl+Enter (Cmd+Enter) sends the form one writes in, by its own button, so that every guard runs. A field with
// data-enter (a selector) answers Enter alone with that button; data-found names what its search found: Enter and
// arrow down go to the first of it, so that nobody is chosen unseen.
function pressed(event) {
  const field = event.target.closest?.("[data-enter]");
  if (!field || event.isComposing || !["Enter", "ArrowDown"].includes(event.key)) return;
  const found = field.dataset.found && document.querySelector(field.dataset.found);
  if (!found && event.key !== "Enter") return;
  event.preventDefault();
  if (found) found.focus(); else document.querySelector(field.dataset.enter)?.click();
}

export function start() {
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)) return pressed(event);
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const form = event.target.closest?.("form");
    if (!form || form.method === "dialog" || form.hasAttribute("data-no-ctrl-enter")) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("[data-ctrl-enter]") ?? undefined);
  });
}
