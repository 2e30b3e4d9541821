"""Builtin template tags: `component`, `icon`, times and numbers. Signatures: servicedesk/web/parts/."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.template import Context, TemplateSyntaxError
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext

from ledger import clock as desk_clock
from servicedesk.web import icons, times
from servicedesk.web.markdown import plain_text, render_markdown
from servicedesk.web.parts import build, timeless

register = template.Library()


def _now(context: Context) -> datetime:
    """The desk's time of this page: one answer for everything drawn on it."""
    shell = context.get("shell")
    return shell.now if shell is not None else desk_clock.now()


def _render(context: Context, name: str, arguments: dict[str, Any], body: Any = None) -> SafeString:
    plain = body is None and timeless(name) and all(isinstance(value, _PLAIN) for value in arguments.values())
    try:
        if plain:
            return mark(name, **arguments)
        made = build(name, arguments, now=_now(context), body=body)
    except (TypeError, ValueError) as error:
        raise TemplateSyntaxError(str(error)) from error
    return SafeString(get_template(f"components/{name}.html").template.render(context.new({**made})))


_PLAIN = (str, int, type(None))


def draw(component_name: str, made: dict[str, Any]) -> SafeString:
    """Draw a component from the context its function of `web.parts` made, for rows prepared in Python."""
    return SafeString(get_template(f"components/{component_name}.html").template.render(Context(made)))


def mark(component_name: str, **arguments: Any) -> SafeString:
    """Draw a component of plain words and numbers that asks no clock, for rows prepared in Python."""
    key = tuple((word, type(value), value) for word, value in sorted(arguments.items()))
    return _drawn_before(component_name, key, get_language())


@lru_cache(maxsize=4096)
def _drawn_before(name: str, arguments: tuple[tuple[str, type, Any], ...], language: str | None) -> SafeString:
    """A component of plain words and numbers that asks no clock looks the same each time: a queue shows few kinds."""
    made = build(name, {word: value for word, _type, value in arguments}, now=desk_clock.now())
    return draw(name, {**made})


@register.simple_tag(takes_context=True)
def component(context: Context, component_name: str, **arguments: Any) -> SafeString:
    """Render `components/<name>.html` with explicit arguments; an unknown one raises."""
    return _render(context, component_name, arguments)


@register.simple_block_tag(takes_context=True, end_name="endframe")
def frame(context: Context, content: SafeString, component_name: str, **arguments: Any) -> SafeString:
    """Render a component around the markup between `{% frame "dialog" … %}` and `{% endframe %}`."""
    return _render(context, component_name, arguments, body=content)


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon of the sprite. Decorative: the words stand beside it. An unknown name raises."""
    try:
        return _drawn(name)
    except ValueError as error:
        raise TemplateSyntaxError(str(error)) from error


@lru_cache(maxsize=512)
def _drawn(name: str) -> SafeString:
    """Drawn once: a page shows some seventy, and the sprite's address does not change while a process runs."""
    icons.check(name)
    return format_html('<svg class="sd-ico" aria-hidden="true"><use href="{}#i-{}"/></svg>', static(icons.SPRITE), name)


@register.simple_tag(takes_context=True)
def when(context: Context, at: datetime | None, form: str = "moment") -> SafeString:
    """A `<time>`: moment ("14:36" today, else with the day), hm, hms or day. None is an en dash."""
    if at is None:
        return SafeString(times.DASH)
    shown = {
        "moment": lambda: times.moment(at, _now(context)),
        "hm": lambda: times.hm(at),
        "hms": lambda: times.hms(at),
        "day": lambda: times.day(at, _now(context)),
    }
    if form not in shown:
        raise TemplateSyntaxError(f"{form!r} is not a form of a time.")
    return format_html('<time datetime="{}" title="{}">{}</time>', times.iso(at), times.full(at), shown[form]())


@register.simple_tag(takes_context=True)
def ago(context: Context, at: datetime | None) -> str:
    """How long since `at`: "6 min". None is an en dash."""
    return times.span(_now(context) - at) if at else times.DASH


@register.simple_tag
def clock_in(at: datetime, zone: str) -> SafeString:
    """What the wall shows in another zone: "04:32"."""
    there = at.astimezone(ZoneInfo(zone))
    return format_html('<time datetime="{}">{}</time>', there.isoformat(timespec="minutes"), f"{there:%H:%M}")


@register.simple_tag
def city(zone: str) -> str:
    """The words for a zone: "Lord Howe"."""
    return times.city(zone)


@register.filter
def due(at: datetime | None, now: datetime | None = None) -> str:
    """The time left until `at` as text: "3:52", "2:11 over"."""
    return times.remaining(at, now or desk_clock.now()) if at else times.DASH


@register.filter
def isotime(at: datetime | None) -> str:
    """`at` as ISO 8601 with offset, for attributes."""
    return times.iso(at)


@register.filter
def hm(at: datetime | None) -> str:
    """`at` as "14:36" in the viewer's zone."""
    return times.hm(at)


@register.filter
def span(length: timedelta | None) -> str:
    """A length of time in words: "8 min"."""
    return times.span(length)


@register.filter
def number(value: int | float | Decimal | None, places: int | None = None) -> str:
    """A figure with the language's separators; None is an en dash, because unknown is not zero."""
    return times.DASH if value is None else number_format(value, decimal_pos=places, use_l10n=True, force_grouping=True)


@register.filter
def upto(value: int | None, most: int) -> str:
    """A count that stopped counting: above `most` it is "1,000+"."""
    return f"{number(most)}+" if value is not None and value > most else number(value)


@register.filter
def dash(value: Any) -> Any:
    """An en dash for None and "", everything else unchanged (0 stays 0)."""
    return times.DASH if value is None or value == "" else value


@register.filter
def listing(values: Iterable[Any]) -> str:
    """People (by name) or words as one list in the reader's language: "Ada Lund, Bo Raman"."""
    return pgettext("between items of a list", ", ").join(str(getattr(value, "name", value)) for value in values)


@register.filter
def markdown(source: str | None) -> SafeString:
    """Markdown as safe HTML: no raw HTML, no foreign pictures, links by scheme."""
    return render_markdown(source)


@register.filter
def words(source: str | None, limit: int = 160) -> str:
    """The words of a Markdown text on one line."""
    return plain_text(source, limit)


@register.filter
def way_back(message: Any) -> dict[str, str] | None:
    """Return ticket number and fact of a message whose act can be undone, None for any other."""
    mark, _sep, rest = str(getattr(message, "extra_tags", "") or "").partition(":")
    number, _sep, seq = rest.partition(":")
    return {"number": number, "seq": seq} if mark == "undo" and seq.isdigit() else None


@register.filter
def lookup(mapping: dict | None, key: Any) -> Any:
    """`mapping[key]`, None where it is not in it."""
    return (mapping or {}).get(key)


@register.simple_tag
def hx_headers(token: str) -> SafeString:
    """The value of `hx-headers:inherited` on the body: every htmx request carries the CSRF token."""
    return format_html("{}", json.dumps({"X-CSRFToken": str(token)}))
