// Text into a field where one stands, as if typed.
export function put(field, text, from = field.selectionStart, to = field.selectionEnd) {
  field.setRangeText(text, from, to, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}
