// The names of chosen files, in words of ours: the browser's own are in the system's language, not the page's.
const INPUTS = ".sd-files > input[type=file]";

function show(input) {
  const said = input.parentElement.querySelector("[data-none]");
  said.textContent = [...input.files].map((file) => file.name).join(", ") || said.dataset.none;
}

export function start() {
  document.addEventListener("change", (event) => event.target.matches?.(INPUTS) && show(event.target));
  document.addEventListener("reset", (event) => setTimeout(() => event.target.querySelectorAll(INPUTS).forEach(show)));
}

export const bind = (root) => root.querySelectorAll(INPUTS).forEach(show);
