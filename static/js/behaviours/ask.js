// The line of a ticket's timeline: dragged, moved by keys or set by the time field, it asks who is called by then.
import { slide } from "../lib/slide.js";
import { offsetText, wall } from "../lib/time.js";

const MINUTE = 60000, STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -15, PageUp: 15 };

class Ask {
  constructor(line) {
    this.line = line;
    this.room = document.querySelector("[data-ask-for]");
    this.field = this.room.querySelector("[data-ask-time]");
    const said = line.dataset;
    Object.assign(this, { now: +said.now, last: +said.last, from: +said.nowX, to: +said.lastX });
    this.rows = [...this.room.querySelectorAll("[data-call-at]")].map((row) => ({ row, at: Date.parse(row.dataset.callAt), people: row.dataset.callPeople.split("|").filter(Boolean) }));
    this.most = Math.floor((this.last - this.now) / MINUTE);
    for (const [name, value] of Object.entries({ role: "slider", tabindex: "0", "aria-orientation": "horizontal", "aria-label": said.label, "aria-valuemin": "0", "aria-valuemax": String(this.most) })) line.setAttribute(name, value);
    this.set(+said.at, { quiet: true });
    line.addEventListener("keydown", (event) => this.key(event));
    slide(line, (x) => this.set(Math.round((this.now + ((x - this.from) / (this.to - this.from)) * (this.last - this.now)) / MINUTE) * MINUTE));
    this.field.addEventListener("input", () => this.typed());
    this.room.querySelector("[data-ask-hint]").hidden = false;
  }

  set(at, { quiet = false } = {}) {
    this.at = Math.min(Math.max(at, this.now), this.last);
    const x = this.from + ((this.at - this.now) / (this.last - this.now)) * (this.to - this.from);
    this.line.setAttribute("transform", `translate(${x.toFixed(1)} 0)`);
    this.line.setAttribute("aria-valuenow", String(Math.floor((this.at - this.now) / MINUTE)));
    this.line.setAttribute("aria-valuetext", this.say());
    if (!quiet) this.field.value = wall(this.at);
  }

  say() {
    const people = new Set();
    for (const one of this.rows) {
      one.row.hidden = one.at > this.at;
      if (!one.row.hidden) one.people.forEach((name) => people.add(name));
    }
    const text = (people.size ? this.line.dataset.some : this.line.dataset.none).replace("{t}", wall(this.at).slice(11)).replace("{people}", [...people].join(", "));
    this.room.querySelector("[data-ask-said]").textContent = text;
    return text;
  }

  key(event) {
    const minute = Math.round(this.at / MINUTE) * MINUTE;
    const to = { Home: this.now, End: this.last }[event.key] ?? (event.key in STEPS ? minute + STEPS[event.key] * MINUTE : null);
    if (to === null || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.set(to);
  }

  typed() {
    const at = Date.parse(this.field.value + offsetText);
    if (!Number.isNaN(at)) this.set(at, { quiet: true });
  }
}

export function bind(root) {
  for (const line of root.querySelectorAll("[data-ask-line]:not([role])")) new Ask(line);
}
