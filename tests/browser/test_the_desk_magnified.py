"""At 200 % nothing of the desk is lost, the keyboard goes through it in reading order, and less motion means none."""

from django.urls import reverse

LOST = """() => {
  const apart = ".visually-hidden, [hidden], [type=hidden]";
  const moves = (el) => ["auto", "scroll"].includes(getComputedStyle(el).overflowX);
  const scrolls = (el) => !el.matches("main") && (moves(el) || scrolls(el.parentElement));
  const fields = [...document.querySelectorAll("main :is(button, a[href], input, select, textarea, summary)")];
  const shown = fields.filter((el) => el.checkVisibility({ visibilityProperty: true }) && !el.closest(apart));
  return shown.filter((el) => !scrolls(el.parentElement)).map((el) => [el, el.getBoundingClientRect()])
    .filter(([, box]) => box.width > 2 && (box.left < -1 || box.right > innerWidth + 1))
    .map(([el]) => el.outerHTML.slice(0, 120));
}"""
MOVING = """() => [...document.querySelectorAll("*")].filter((el) => {
  const style = getComputedStyle(el);
  return parseFloat(style.transitionDuration) > 0 || style.animationName !== "none";
}).map((el) => el.outerHTML.slice(0, 80))"""
FOCUS = """() => {
  const el = document.activeElement, style = getComputedStyle(el);
  const ring = style.outlineStyle !== "none" || style.boxShadow !== "none";
  const top = Math.round(el.getBoundingClientRect().top + scrollY);
  return [!!el.closest("main"), ring, top, el.outerHTML.slice(0, 90)];
}"""


def test_at_double_size_all_is_there_and_nothing_moves_that_should_not(sign_in, path):
    ticket, call = path.to("l1"), path.ring()
    assert path.attempt(None, call=call).outcome == "passed"
    page = sign_in(path.cast.bo, width=720, height=500, device_scale_factor=2, reduced_motion="reduce")
    for address in (reverse("desk:queue"), reverse("desk:call", args=[call.uuid]),
                    reverse("desk:ticket", args=[ticket.number])):  # fmt: skip
        page.goto(page.base + address)
        page.wait_for_selector("html[data-ready]")
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), f"{address} scrolls sideways"
        assert page.evaluate(LOST) == [], address
        assert page.evaluate(MOVING) == [], address


def test_the_keyboard_reaches_the_work_by_one_skip_and_goes_down_the_page(sign_in, path):
    ticket = path.to("l1")
    page = sign_in(path.cast.bo)
    page.goto(page.base + reverse("desk:ticket", args=[ticket.number]))
    page.wait_for_selector("html[data-ready]")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    before = 0
    for _step in range(14):
        page.keyboard.press("Tab")
        inside, ring, top, what = page.evaluate(FOCUS)
        assert inside and ring, f"outside of the work, or no ring: {what}"
        assert top > before - 40, f"the focus jumps up to {what}"
        before = top
