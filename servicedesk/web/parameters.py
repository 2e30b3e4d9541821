"""What an address may say after its question mark: a page names its parameters, the rest is 400 (security.md 1.3)."""

import re
from collections.abc import Callable, Container
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.utils.translation import gettext as _

Shape = Callable[[str], bool]
View = Callable[..., Any]
SHOWN = 40
_ID = re.compile(r"[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}")


class BadParameter(BadRequest):
    """The address holds a parameter its page does not know, or a value it cannot use. `sentence` says which."""

    def __init__(self, name: str, *, known: bool = True) -> None:
        named = {"name": name[:SHOWN]}
        if known:
            self.sentence = _("This page cannot use the value of “%(name)s” in its address.") % named
        else:
            self.sentence = _("This page knows no “%(name)s”. Remove it from the address.") % named
        super().__init__(self.sentence)


def text(limit: int = 200) -> Shape:
    """Anything of at most `limit` characters."""
    return lambda value: len(value) <= limit


def one_of(values: Container[str]) -> Shape:
    """One of `values`."""
    return lambda value: value in values


def matching(pattern: str) -> Shape:
    """What `pattern` describes from beginning to end."""
    return lambda value: re.fullmatch(pattern, value) is not None


class Several:
    """What each of several values of one parameter must be; at most `most`."""

    def __init__(self, shape: Shape, most: int = 20) -> None:
        self.shape, self.most = shape, most

    def __call__(self, value: str) -> bool:
        return self.shape(value)


PAGE = matching(r"[0-9]{1,6}")
PUBLIC_ID: Shape = lambda value: _ID.fullmatch(value) is not None  # noqa: E731


def takes(**shapes: Shape) -> Callable[[View], View]:
    """Declare the parameters of a page, each with the shape of its values; stands below the access decorator.

    An empty value is always allowed: forms send their empty fields.
    """

    def decorate(view: View) -> View:
        view.takes = shapes
        return view

    return decorate


def check(request: HttpRequest, view: View) -> None:
    """Raise BadParameter for what `view` has not declared, for a wrong shape, for one value too many."""
    if request.method not in ("GET", "HEAD"):
        return
    shapes: dict[str, Shape] = getattr(view, "takes", {})
    for name, values in request.GET.lists():
        if name not in shapes:
            raise BadParameter(name, known=False)
        shape = shapes[name]
        most = shape.most if isinstance(shape, Several) else 1
        if len(values) > most or any(value and not shape(value) for value in values):
            raise BadParameter(name)
