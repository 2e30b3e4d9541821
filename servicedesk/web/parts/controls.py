"""What one presses, fills in or turns over."""

from collections.abc import Iterable

from servicedesk.web.forms import widget_class
from servicedesk.web.parts.registry import Context, component, known_icon


@component
def button(
    *,
    text,
    icon: str | None = None,
    kind="default",
    type="submit",
    href="",
    name="",
    value="",
    key="",
    dialog="",
    form="",
    formaction="",
    disabled=False,
    reason="",
    size="",
    label="",
    icon_only=False,
    css="",
) -> Context:
    """A command or a link that looks like one. kind: primary, default, quiet, danger. One primary per region.

    A refused command stays visible: `disabled` with its `reason` in words.
    """
    kinds = {"primary": "btn-primary", "default": "sd-btn", "quiet": "sd-btn-quiet", "danger": "sd-btn"}
    if kind not in kinds:
        raise TypeError(f"{kind!r} is not a kind of button.")
    if disabled and not reason:
        raise TypeError("A button that is off says why: reason=.")
    classes = ["btn", kinds[kind], *(["btn-sm"] if size == "s" else []), *(["btn-icon"] if icon_only else []), css]
    return {
        "text": text,
        "icon": known_icon(icon),
        "type": "button" if dialog else type,
        "href": href,
        "name": name,
        "value": value,
        "key": key,
        "dialog": dialog,
        "form": form,
        "formaction": formaction,
        "disabled": disabled,
        "reason": reason,
        "label": label,
        "icon_only": icon_only,
        "css": " ".join(filter(None, classes)),
    }


@component
def field(*, field, label=None, help=None, optional=False, css="", hide_label=False) -> Context:
    """A form field with label, help and error; the control is told of both by aria-describedby."""
    widget = field.field.widget
    errors = [str(e) for e in field.errors]
    help_text = field.help_text if help is None else help
    marks = [f"{field.auto_id}_help"] * bool(help_text) + [f"{field.auto_id}_error"] * bool(errors)
    classes = [widget.attrs.get("class") or widget_class(widget), *(["is-invalid"] if errors else [])]
    attrs: Context = {"class": " ".join(filter(None, classes))}
    if marks:
        attrs["aria-describedby"] = " ".join(marks)
    if errors:
        attrs["aria-invalid"] = "true"
    kinds = {"checkbox": "check", "radio": "group"}
    return {
        "field": field,
        "label": field.label if label is None else label,
        "help": help_text,
        "errors": errors,
        "optional": optional,
        "css": css,
        "hide_label": hide_label,
        "control": field.as_widget(attrs=attrs),
        "kind": kinds.get(getattr(widget, "input_type", ""), "input"),
    }


@component
def segments(*, name, choices: Iterable, chosen="", legend, size="", describedby="") -> Context:
    """A few exclusive choices side by side: (value, label) or (value, label, icon) or (…, icon, "reason it is off")."""
    made = []
    for choice in choices:
        value, text, icon, off = (*choice, "", "")[:4]
        made.append(
            {"value": value, "text": text, "icon": known_icon(icon), "off": off, "checked": str(value) == str(chosen)}
        )
    return {"name": name, "choices": made, "legend": legend, "size": size, "describedby": describedby}


@component
def pager(*, page, query="", label="") -> Context:
    """Earlier and later pages of a Django Page. `query` is the address's other parameters, encoded, without page."""
    return {"page": page, "query": query, "label": label}
