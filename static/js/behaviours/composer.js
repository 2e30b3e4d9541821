// Ctrl+Enter (Cmd+Enter) sends the form one writes in, by its own button, so that every guard runs.
export function start() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const form = event.target.closest?.("form");
    if (!form || form.method === "dialog" || form.hasAttribute("data-no-ctrl-enter")) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("[data-ctrl-enter]") ?? undefined);
  });
}
