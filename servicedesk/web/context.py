"""What every page knows: `shell`. Lazy, so that a fragment pays only for what it draws.

Other rooms add to it through settings (dotted names, each a callable taking the request):
`DESK_SHELL = {"counts": …, "duty_manager": …, "calls_waiting": …, "engine_warning": …}`; a missing one is left out.
counts → {"queue": 38, …}; duty_manager → an object with name and until (an instant), or None;
calls_waiting → an object with count and longest (timedelta), or None; engine_warning → a sentence, or "".
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.module_loading import import_string

from accounts.models.staff import LadderRole, Role
from ledger import clock
from servicedesk.web import navigation, times

THEMES = {"light", "dark"}


class Shell:
    """Facts of the frame around a page, for one request."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    def _asked(self, name: str, default: Any) -> Any:
        dotted = getattr(settings, "DESK_SHELL", {}).get(name)
        return import_string(dotted)(self._request) if dotted and self.actor is not None else default

    @cached_property
    def operator(self) -> str:
        return settings.OPERATOR_NAME

    @cached_property
    def phone(self) -> str:
        return settings.OPERATOR_PHONE

    @cached_property
    def actor(self) -> Any:
        return getattr(self._request, "actor", None)

    @cached_property
    def roles(self) -> frozenset[str]:
        return self.actor.roles if self.actor is not None else frozenset()

    @cached_property
    def is_staff(self) -> bool:
        return self.actor is not None and self.actor.is_staff

    @cached_property
    def role_names(self) -> list[str]:
        """The roles in words, in the order they are defined; ladder roles too."""
        known = {**dict(Role.choices), **dict(LadderRole.choices)}
        return [str(name) for role, name in known.items() if role in self.roles]

    @cached_property
    def layout(self) -> str:
        """The frame a page uses that anyone may meet: errors, account settings."""
        if self.actor is None:
            return "layouts/plain.html"
        return "layouts/desk_bare.html" if self.is_staff else "layouts/portal.html"

    @cached_property
    def theme(self) -> str:
        chosen = self._request.COOKIES.get("desk_theme", "")
        return chosen if chosen in THEMES else "light"

    @cached_property
    def keys(self) -> str:
        return "off" if self._request.COOKIES.get("desk_keys") == "off" else "on"

    @cached_property
    def now(self) -> datetime:
        return clock.now()

    @cached_property
    def now_iso(self) -> str:
        return times.iso(self.now)

    @cached_property
    def speed(self) -> str:
        return f"{clock.speed():g}"

    @cached_property
    def groups(self) -> list:
        return navigation.groups(roles=self.roles, path=self._request.path)

    @cached_property
    def log_call(self) -> navigation.Link | None:
        return next(iter(navigation.links([navigation.LOG_CALL], roles=self.roles, path=self._request.path)), None)

    @cached_property
    def phone_bar(self) -> list[navigation.Link]:
        return navigation.links(navigation.PHONE, roles=self.roles, path=self._request.path)

    @cached_property
    def portal(self) -> list[navigation.Link]:
        return navigation.links(navigation.PORTAL, roles=self.roles, path=self._request.path)

    @cached_property
    def account(self) -> list[navigation.Link]:
        return navigation.links(navigation.ACCOUNT, roles=self.roles | ({"staff"} if self.is_staff else set()), path="")

    @cached_property
    def sign_out_url(self) -> str | None:
        return navigation.address("account_logout")

    @cached_property
    def language_url(self) -> str | None:
        return navigation.address("set-language")

    @cached_property
    def search_url(self) -> str | None:
        return navigation.address("desk:search")

    @cached_property
    def inbox_url(self) -> str | None:
        return navigation.address("desk:inbox")

    @cached_property
    def events_url(self) -> str:
        return "/api/v1/events/" if self.actor is not None else ""

    @cached_property
    def is_demo(self) -> bool:
        return settings.ENV == "demo"

    @cached_property
    def counts(self) -> dict[str, int]:
        return self._asked("counts", {})

    @cached_property
    def duty_manager(self) -> Any:
        return self._asked("duty_manager", None)

    @cached_property
    def calls_waiting(self) -> Any:
        return self._asked("calls_waiting", None)

    @cached_property
    def engine_warning(self) -> str:
        return self._asked("engine_warning", "")


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Context processor: `shell` on every page. Asks nothing of the database until a template does."""
    return {"shell": Shell(request)}
