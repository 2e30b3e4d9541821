// What is typed while an answer is on its way stays: in a form with data-keep-typed, fields changed since the request
// keep their words when the answer is swapped in. The server gets them with the next request.
const FIELDS = "textarea[id], select[id], input[id]:not([type=hidden], [type=password], [type=checkbox], [type=radio], [type=file])";
const formOf = (ctx) => ctx?.sourceElement?.closest?.("form[data-keep-typed]") ?? null;
const words = (form) => new Map([...form.querySelectorAll(FIELDS)].map((field) => [field.id, field.value]));

export function start() {
  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
    const form = formOf(ctx);
    if (form) ctx.typedBefore = words(form);
  });
  document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
    const form = ctx?.typedBefore && document.querySelector("form[data-keep-typed]");
    if (form) ctx.typedSince = [...words(form)].filter(([id, value]) => (ctx.typedBefore.get(id) ?? "") !== value);
  });
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    for (const [id, value] of ctx?.typedSince ?? []) {
      const field = document.getElementById(id);
      if (field?.matches(FIELDS) && field.value !== value) field.value = value;
    }
  });
}
