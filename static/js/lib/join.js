// Words of this tab and those kept from another browser: the other's stand, ours follow where they are not among them.
// Emptied there means sent: ours do not come back.
export function join(fields, kept) {
  for (const field of fields) {
    const mine = field.matches("textarea") ? (kept[field.name] ?? "") : "";
    if (mine && field.value && !field.value.includes(mine)) field.value += `\n\n${mine}`;
  }
}
