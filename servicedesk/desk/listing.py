"""The queue at the desk: what an address asks of it, the views agents keep, and how many tickets stand in each."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.core.cache import cache
from django.http import QueryDict
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from ledger import clock
from ledger.actor import Actor
from servicedesk.desk.columns import COLUMNS, DEFAULT
from servicedesk.desk.filtering import PARAMETERS, FilterForm, bound
from servicedesk.desk.groups import BY_DUE
from servicedesk.web import parameters
from tickets import queries
from tickets.models import QueueView
from tickets.queue_order import GROUPS, ORDERS

KEEP_SECONDS = 10
SAVED_KEEP_SECONDS = 30
SAVED_SHOWN = 12
VIEWS: dict[str, Any] = {
    "due": _("Due next"),
    "mine": _("Mine"),
    "teams": _("My teams"),
    "unassigned": _("Not signed for"),
    "waiting": _("Waiting for approval"),
    "snoozed": _("Snoozed"),
    "suspended": _("Suspended"),
    "closure": _("Confirm closure"),
    "all": _("All open"),
    "ended": _("Ended"),
}
ORDER_WORDS: dict[str, Any] = {
    "due": _("Due next first"),
    "newest": _("Newest first"),
    "oldest": _("Oldest first"),
    "quiet": _("Longest without news first"),
}
GROUP_WORDS: dict[str, Any] = {
    BY_DUE: _("Next due"), "none": _("Nothing"), "priority": _("Priority"), "state": _("State"), "team": _("Team"),
    "owner": _("Owner"), "customer": _("Customer"), "segment": _("Segment"), "region": _("Region"),
    "service_category": _("Service category"), "language": _("Language"), "kind": _("Kind"),
    "category": _("Category"), "channel": _("Channel"),
}  # fmt: skip
NUMBER: Final = parameters.matching(r"[A-Z]{2}-[0-9]{1,12}")
LAYOUT: Final[dict[str, Any]] = {
    "order": parameters.one_of(["", *ORDERS]),
    "group": parameters.one_of(["", BY_DUE, "none", *GROUPS]),
    "cols": parameters.Several(parameters.one_of(["", *COLUMNS])),
}
STATE: Final[dict[str, Any]] = {"view": parameters.one_of(["", *VIEWS]), **LAYOUT, **PARAMETERS}
ASKED: Final[dict[str, Any]] = {"saved": parameters.PUBLIC_ID, **STATE}


@dataclass(frozen=True)
class Asked:
    """What an address asks of the queue. Raises BadParameter when read from one with a value that is no choice.

    saved  the kept view it began from, None for none. lost: it named one that is gone or no longer shared.
    """

    view: str
    form: FilterForm
    order: str = ""
    group: str = ""
    columns: tuple[str, ...] = DEFAULT
    saved: QueueView | None = None
    lost: bool = False

    @property
    def sort(self) -> dict[str, str]:
        """The order and the group the list is read in; due times are a group of the page, not of the order."""
        return {"order": self._order, "group": self.group if self.group in GROUPS else ""}

    @property
    def grouping(self) -> str:
        """What the lines are grouped by: "due", a dimension, or "" for nothing."""
        if not self.group:
            return BY_DUE if self._order == BY_DUE else ""
        return "" if self.group == "none" or (self.group == BY_DUE and self._order != BY_DUE) else self.group

    @property
    def _order(self) -> str:
        return self.order or ("newest" if self.view == "ended" else "due")

    @property
    def question(self) -> dict[str, Any]:
        """What `tickets.queries.queue` is asked."""
        return {"view": self.view, "filters": self.form.conditions(), **self.sort}

    @cached_property
    def settings(self) -> dict[str, Any]:
        """The whole of it as a kept view holds it; what is as always is left out."""
        found: dict[str, Any] = {"view": self.view, "filters": self.form.said()}
        if self.order:
            found["order"] = self.order
        if self.group:
            found["group"] = self.group
        if self.columns != DEFAULT:
            found["columns"] = [*self.columns]
        return found

    @property
    def narrowed(self) -> bool:
        """Whether any filter narrows the view."""
        return bool(self.form.said())

    @property
    def changed(self) -> bool:
        """Whether the kept view says something else by now."""
        return self.saved is not None and self.settings != self.saved.settings

    def pairs(self, *, without: Iterable[str] = ()) -> list[tuple[str, str]]:
        """Return the whole of it as an address says it, the parameters named left out."""
        found = [("saved", str(self.saved.uuid))] if self.saved else []
        found += [("view", self.view), ("order", self.order), ("group", self.group)]
        found += [("cols", name) for name in self.columns if self.columns != DEFAULT]
        found += [(name, value) for name, values in self.form.said().items() for value in values]
        return [(name, value) for name, value in found if value and name not in without]

    @property
    def query(self) -> str:
        """The address behind its question mark, without a page."""
        return urlencode(self.pairs())

    def chips(self) -> Iterable[tuple[str, str, str]]:
        """Yield label, values in words and the address without it, for each filter that narrows."""
        for name, label, value in self.form.chips():
            yield label, value, urlencode(self.pairs(without=[name]))


def asked_of(said: QueryDict, views: Iterable[QueueView], *, view: str = "") -> Asked:
    """Read an address. `views` are those the reader may see; a kept view named alone is what it holds.

    view  what is shown where the address names none. Raises BadParameter.
    """
    saved = next((v for v in views if str(v.uuid) == said.get("saved")), None)
    lost = bool(said.get("saved")) and saved is None
    if saved is not None and not set(said) & set(STATE):
        return kept(saved)
    form = FilterForm(said)
    for name in form.errors:
        raise parameters.BadParameter(name)
    columns = tuple(name for name in dict.fromkeys(said.getlist("cols")) if name) or DEFAULT
    shown = said.get("view") or view or "due"
    order = _unusual(said.get("order", ""), "newest" if shown == "ended" else BY_DUE)
    group = _unusual(said.get("group", ""), BY_DUE if not order and shown != "ended" else "none")
    return Asked(view=shown, form=form, order=order, group=group, columns=columns, saved=saved, lost=lost)


def _unusual(said: str, usual: str) -> str:
    """What an address need not say is left out, so that the same list has one address."""
    return "" if said == usual else said


def kept(saved: QueueView) -> Asked:
    """Return what a kept view asks; what is no longer a choice is left out."""
    held = saved.settings
    form = bound(held.get("filters", {}))
    form.is_valid()
    columns = tuple(name for name in held.get("columns", ()) if name in COLUMNS) or DEFAULT
    return Asked(
        view=held.get("view", "due") if held.get("view") in VIEWS else "due",
        form=form,
        order=held.get("order", "") if held.get("order") in ORDERS else "",
        group=held.get("group", "") if held.get("group") in GROUP_WORDS else "",
        columns=columns,
        saved=saved,
    )


def views_of(actor: Actor) -> list[QueueView]:
    """Return the kept views of the reader, then those shared with them, by name. 1 query."""
    found = list(QueueView.objects.visible_to(actor).order_by("name", "pk")[:100])
    return sorted(found, key=lambda view: view.owner_id != actor.user_id)


def counts_of(actor: Actor) -> dict[str, int]:
    """Return how many tickets stand in each view, COUNT_TO + 1 for more. 1 query, kept ten seconds for the reader."""
    key = f"queue-counts:{actor.ref}"
    found = cache.get(key)
    if found is None:
        found = queries.view_counts(actor)
        cache.set(key, found, KEEP_SECONDS)
    return found


def saved_counts(actor: Actor, views: Iterable[QueueView], *, ask: bool) -> dict[str, int]:
    """Return how many tickets stand in the first kept views, by uuid; without `ask` only what is known already.

    At most 1 query, kept half a minute for the reader: a page does not wait for it, the live piece after it does.
    """
    shown = list(views)[:SAVED_SHOWN]
    keys = {f"queue-count:{actor.ref}:{v.uuid}:{v.changed_at:%s%f}": v for v in shown}
    known = cache.get_many(list(keys))
    missing = {key: view for key, view in keys.items() if key not in known}
    if ask and missing:
        lists = {}
        for key, view in missing.items():
            held = kept(view)
            lists[key] = queries.listed(
                actor, view=held.view, filters=held.form.conditions(), at=timezone.localtime(clock.now())
            )
        for key, count in queries.counted(lists).items():
            cache.set(key, count, SAVED_KEEP_SECONDS)
            known[key] = count
    return {str(keys[key].uuid): count for key, count in known.items()}
