// A form that makes an address says only what was chosen: empty fields stay out of it.
export function start() {
  document.addEventListener("formdata", (event) => {
    if (!event.target.matches("form[data-tidy]")) return;
    const kept = [...event.formData.entries()].filter(([, value]) => value !== "");
    for (const name of new Set(event.formData.keys())) event.formData.delete(name);
    for (const [name, value] of kept) event.formData.append(name, value);
  });
}
