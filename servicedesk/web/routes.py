"""Every URL of the desk, with its methods, parameters and who may: for `manage.py routes` and the access table."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

MODELS = {"number": "tickets.Ticket", "uuid": "by page", "token": "one-time link", "service_id": "catalogue.Service"}
FOREIGN = ("accounts/", "admin/")


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """One URL pattern. `who` is empty where nothing declares it, which the access table refuses.

    query  the parameters a page of desk, supervisor or portal takes after the question mark; any other is 400.
    """

    pattern: str
    name: str
    methods: tuple[str, ...]
    parameters: dict[str, str]
    who: str
    query: tuple[str, ...] = ()


def routes() -> list[Route]:
    """Return every URL pattern, in the order they are tried."""
    return list(_walk(get_resolver().url_patterns, "", ()))


def as_json(route: Route) -> dict[str, Any]:
    """Return one route as JSON-able data."""
    return asdict(route)


def _walk(patterns: list[URLPattern | URLResolver], prefix: str, names: tuple[str, ...]) -> Iterator[Route]:
    for item in patterns:
        here = prefix + str(item.pattern)
        if isinstance(item, URLResolver):
            yield from _walk(item.url_patterns, here, (*names, item.namespace) if item.namespace else names)
        else:
            yield _route(item, here, names)


def _route(item: URLPattern, pattern: str, names: tuple[str, ...]) -> Route:
    view = item.callback
    parameters = {name: MODELS.get(name, "text") for name in item.pattern.regex.groupindex}
    return Route(
        pattern="/" + pattern.replace("^", "").replace("$", "").replace("\\Z", ""),
        name=":".join((*names, item.name)) if item.name else "",
        methods=_methods(view),
        parameters=parameters,
        who=_who(view, pattern),
        query=tuple(getattr(view, "takes", ())),
    )


def _methods(view: Any) -> tuple[str, ...]:
    actions = getattr(view, "actions", None)
    if actions:
        return tuple(sorted(method.upper() for method in actions))
    kind = getattr(view, "cls", None) or getattr(view, "view_class", None)
    if kind is not None:
        return tuple(m.upper() for m in ("get", "post", "put", "patch", "delete") if hasattr(kind, m))
    return getattr(view, "methods", ("GET", "POST"))


def _who(view: Any, pattern: str) -> str:
    declared = getattr(view, "who", "")
    if declared:
        return declared
    kind = getattr(view, "cls", None)
    if kind is not None:
        scopes = " / ".join(dict.fromkeys(getattr(kind, "scopes", {}).values()))
        return f"staff, or a token with {scopes}" if scopes else "staff, or any token"
    if pattern.startswith("admin/"):
        return "administrator"
    return "anyone" if pattern.startswith("accounts/") else ""
