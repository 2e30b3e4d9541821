"""What the side bar, the phone bar and the portal's header offer. An entry without an address is not shown."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models.staff import LadderRole
from tickets.planned import DECIDERS

STAFF = frozenset({"*"})
LEADS = frozenset({"supervisor", "duty_manager", "administrator"})
APPROVERS = frozenset({"approver_monitoring", "approver_service", *DECIDERS})
LADDER = frozenset(LadderRole.values)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One link.

    key    the keys that open it ("g q", "c"); "" for none.
    roles  any of these sees it; "*" means everyone who uses that layout.
    count  name of the figure beside it, asked of `shell.counts`; "" for none.
    holds  None = every page below its address is its own; else only its address itself and what begins with these.
    """

    label: str
    icon: str
    url_name: str
    key: str = ""
    roles: frozenset[str] = STAFF
    count: str = ""
    holds: tuple[str, ...] | None = None

    def own(self, url: str, path: str) -> int:
        """Return how many characters of `path` lead to this entry at `url`, 0 where the page is another's."""
        if self.holds is None or path == url:
            return len(url) if path.startswith(url) else 0
        return max((len(prefix) for prefix in self.holds if path.startswith(prefix)), default=0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """An entry resolved for one viewer."""

    label: str
    icon: str
    url: str
    key: str
    count: str
    current: bool


LOG_CALL = Entry(label=_("Log a call"), icon="phone-incoming", url_name="desk:call-new", key="c")
NAV: tuple[tuple[Any, tuple[Entry, ...]], ...] = (
    (
        pgettext_lazy("navigation", "Work"),
        (
            Entry(
                label=_("Queue"),
                icon="inbox",
                url_name="desk:queue",
                key="g q",
                count="queue",
                holds=("/desk/tickets/",),
            ),
            Entry(label=_("My day"), icon="calendar-due", url_name="desk:my-day", key="g d", count="my_day"),
            Entry(label=_("My tickets"), icon="user", url_name="desk:my-tickets", key="g t", count="my_tickets"),
            Entry(
                label=_("Approvals"),
                icon="signature",
                url_name="supervisor:approvals",
                roles=LEADS | APPROVERS,
                count="approvals",
            ),
            Entry(
                label=_("Verification locks"),
                icon="lock",
                url_name="supervisor:locks",
                roles=frozenset({"supervisor", "security_lead"}),
            ),
        ),
    ),
    (
        pgettext_lazy("navigation", "Live"),
        (
            Entry(
                label=_("Escalations"),
                icon="stairs-up",
                url_name="supervisor:board",
                key="g e",
                count="escalations",
                holds=("/supervisor/escalations/", "/supervisor/wall/"),
            ),
            Entry(label=_("Major incidents"), icon="urgent", url_name="desk:major-incidents", key="g m", count="major"),
            Entry(label=_("Shifts"), icon="clock-24", url_name="supervisor:shifts"),
            Entry(label=_("Handover"), icon="arrows-exchange", url_name="supervisor:handover", key="g h"),
            Entry(
                label=_("On call"),
                icon="calendar-user",
                url_name="supervisor:rosters",
                key="g o",
                holds=("/supervisor/rosters/", "/supervisor/on-call/", "/desk/on-call/", "/desk/absences/"),
            ),
            Entry(label=_("What I was told"), icon="message-check", url_name="supervisor:told", roles=LEADS | LADDER),
            Entry(label=_("Engine"), icon="clock", url_name="supervisor:engine", roles=LEADS),
        ),
    ),
    (
        pgettext_lazy("navigation", "Records"),
        (
            Entry(label=_("Customers"), icon="building", url_name="desk:customers", key="g c"),
            Entry(label=_("Services"), icon="server-2", url_name="desk:services"),
            Entry(label=_("Maintenance"), icon="barrier-block", url_name="desk:maintenance", count="maintenance"),
            Entry(label=_("Problems"), icon="repeat", url_name="desk:problems", count="problems"),
            Entry(label=_("Knowledge"), icon="book-2", url_name="desk:knowledge"),
        ),
    ),
    (
        pgettext_lazy("navigation", "Review"),
        (
            Entry(label=_("Fault reports"), icon="file-text", url_name="desk:fault-reports"),
            Entry(label=_("Quality"), icon="clipboard-check", url_name="supervisor:quality", roles=LEADS),
            Entry(label=_("Policies"), icon="stairs", url_name="supervisor:policies", roles=LEADS),
            Entry(label=_("Insights"), icon="chart-line", url_name="desk:insights"),
            Entry(label=_("Teams"), icon="users-plus", url_name="supervisor:teams", roles=LEADS),
            Entry(label=_("People"), icon="users", url_name="supervisor:people", roles=frozenset({"administrator"})),
            Entry(
                label=_("Configuration"),
                icon="adjustments-horizontal",
                url_name="supervisor:configuration",
                roles=frozenset({"administrator"}),
            ),
        ),
    ),
)
PHONE = (NAV[0][1][0], NAV[1][1][0], LOG_CALL, NAV[0][1][1])
ACCOUNT = (
    Entry(label=_("How you are reached"), icon="bell", url_name="desk:reach", roles=frozenset({"staff"})),
    Entry(label=_("Second factor"), icon="shield-lock", url_name="mfa_index"),
    Entry(label=_("Change password"), icon="key", url_name="account_change_password"),
    Entry(label=_("Signed-in devices"), icon="devices-pc", url_name="usersessions_list"),
)
PORTAL = (
    Entry(label=_("Tickets"), icon="ticket", url_name="portal:tickets"),
    Entry(label=_("Status"), icon="activity", url_name="portal:status"),
    Entry(label=_("Planned work"), icon="barrier-block", url_name="portal:planned"),
    Entry(label=_("Answers"), icon="book-2", url_name="portal:answers"),
    Entry(label=_("Your contacts"), icon="users", url_name="portal:contacts"),
    Entry(label=_("Reviews"), icon="file-text", url_name="portal:reviews"),
)


@lru_cache(maxsize=256)
def address(url_name: str) -> str | None:
    """Return the path of `url_name`, None if no such address exists."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None


def links(entries: Iterable[Entry], *, roles: frozenset[str], path: str) -> list[Link]:
    """Return the entries that exist and that one of `roles` may see.

    path  of the page shown; the entry that owns the longest beginning of it is the current one.
    """
    shown = [(e, url) for e in entries if (url := address(e.url_name)) and ("*" in e.roles or e.roles & roles)]
    most = max((e.own(url, path) for e, url in shown), default=0)
    return [
        Link(label=e.label, icon=e.icon, url=url, key=e.key, count=e.count, current=0 < most == e.own(url, path))
        for e, url in shown
    ]


def groups(*, roles: frozenset[str], path: str) -> list[tuple[str, list[Link]]]:
    """Return the side bar: title and links of each group that has any. One entry of all is the current one."""
    made = [(title, links(entries, roles=roles, path=path)) for title, entries in NAV]
    here = max((link.url for _title, entries in made for link in entries if link.current), key=len, default=None)
    return [
        (title, [replace(link, current=link.url == here) for link in entries]) for title, entries in made if entries
    ]
