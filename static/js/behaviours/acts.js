// Public and internal are two acts, each with words of its own: choosing one puts its words into the field and the other's
// aside. Public words go along to an internal note that has none yet; internal words never go along to a public one.
const aside = (form) => form.querySelector("[data-other-act]");

function swap(form, act) {
  const field = form.querySelector("textarea"), other = aside(form);
  if (other.value || act === "public") [field.value, other.value] = [other.value, field.value];
}

// A draft of this tab came back with another act than the server's: the server's words are the other's now.
function settle(form) {
  const act = form.elements.visibility.value, field = form.querySelector("textarea");
  if (act !== form.dataset.act && field.value !== field.defaultValue && !aside(form).value) aside(form).value = field.defaultValue;
  form.dataset.act = act;
}

export function start() {
  document.addEventListener("change", (event) => {
    const form = event.target.form ?? event.target;
    if (!form.matches?.("form[data-act]")) return;
    if (event.target === form) settle(form);
    else if (event.target.name === "visibility" && event.target.value !== form.dataset.act) { form.dataset.act = event.target.value; swap(form, form.dataset.act); }
  });
}
