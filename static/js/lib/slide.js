// Drags a line of an SVG: `to(x)` hears where the pointer is, in the drawing's own measure.
export function slide(line, to) {
  const svg = line.ownerSVGElement;
  line.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    line.focus();
    line.setPointerCapture(event.pointerId);
    const move = (e) => to(new DOMPoint(e.clientX, e.clientY).matrixTransform(svg.getScreenCTM().inverse()).x);
    line.addEventListener("pointermove", move);
    line.addEventListener("lostpointercapture", () => line.removeEventListener("pointermove", move), { once: true });
  });
}
