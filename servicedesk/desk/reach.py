"""Forms and rows of the page where the ways to a person are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.commands import prove_way, ways
from accounts.models import ContactMethod, User
from channels.outbound.webhook import secret_of
from escalation.reach import carried
from ledger.actor import Actor
from ledger.clock import real_now
from servicedesk.web.forms import CommandForm

ICONS = {
    "email": "mail", "chat": "message", "sms": "message-2", "voice": "phone", "push": "bell", "webhook": "world",
}  # fmt: skip
CODE_GOOD = timedelta(minutes=15)


class AddForm(CommandForm):
    """A new way: the channel and its address; chat only for administrators, SMS and voice where a provider is set."""

    channel = forms.ChoiceField(label=_("Channel"))
    address = forms.CharField(
        label=_("Address"), required=False, max_length=400,
        help_text=_("Mailbox, number with country code, or https:// address; none for a desktop notification."),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chat = actor.has_role("administrator")
        offered = [(v, w) for v, w in ContactMethod.Channel.choices if carried(v) and (chat or v != "chat")]
        self.fields["channel"].choices = offered


class CodeForm(CommandForm):
    """The six digits a test brought."""

    code = forms.CharField(label=_("Code"), max_length=12, widget=forms.TextInput(attrs={
        "inputmode": "numeric", "autocomplete": "one-time-code", "size": 8,
    }))  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One way as the page tells it. `asks` = a code of a running test may be typed; `waits` = its result is not in.

    secret  what a webhook's calls are signed with, shown to its own person; "" for other ways and readers.
    """

    way: ContactMethod
    icon: str
    state: str
    said: str
    form: CodeForm | None
    waits: bool
    secret: str
    first: bool
    last: bool


def rows(user: User, actor: Actor, *, refused: tuple[Any, CodeForm] | None = None) -> list[Row]:
    """Return the ways of a person in their order, each with what may be done. 1 query."""
    found = list(ContactMethod.objects.filter(user=user))
    return [_row(way, actor, refused, first=way is found[0], last=way is found[-1]) for way in found]


def _row(way: ContactMethod, actor: Actor, refused: Any, *, first: bool, last: bool) -> Row:
    tested, now = way.tested_at, real_now()
    form = None
    if way.code_until is not None and way.code_until > now and actor.user_id == way.user_id:
        form = CodeForm(auto_id=f"id_{way.uuid}_%s")
    if refused is not None and refused[0] == way.pk:
        form = refused[1]
    state, said = _said(way)
    waits = tested is not None and not way.test_result and now - tested < CODE_GOOD and way.code_until is not None
    mine = way.channel == ContactMethod.Channel.WEBHOOK and actor.user_id == way.user_id
    return Row(
        way=way, icon=ICONS[way.channel], state=state, said=said, form=form, waits=waits, first=first, last=last,
        secret=secret_of(way.uuid) if mine else "",
    )  # fmt: skip


def _said(way: ContactMethod) -> tuple[str, str]:
    """Return (state, words) of a way: whether pages may go there."""
    if not way.enabled:
        return "paused", _t("Left out")
    if not carried(way.channel):
        return "paused", _t("No provider is set up")
    if way.verified_at is None:
        return "soon", _t("Not proved yet, so never used")
    return "met", _t("Proved")


def moved(user: User, way: ContactMethod, step: int) -> Sequence[Any]:
    """Return the order of the ways with one moved by `step` places."""
    order = [one.uuid for one in ContactMethod.objects.filter(user=user)]
    place = order.index(way.uuid)
    order.insert(min(max(place + step, 0), len(order) - 1), order.pop(place))
    return order


def act(name: str, way: ContactMethod, actor: Actor, at: datetime) -> Any:
    """Take one command on a way and return what to say about it; None for a name that is none. Raises Refused."""
    if name in {"up", "down"}:
        ways.order_ways(user_id=way.user_id, order=moved(way.user, way, -1 if name == "up" else 1), actor=actor, at=at)
        return _("Order changed")
    if name in {"on", "off"}:
        ways.switch_way(way_id=way.pk, enabled=name == "on", actor=actor, at=at)
        return _("Way used again") if name == "on" else _("Way left out")
    if name == "remove":
        ways.remove_way(way_id=way.pk, actor=actor, at=at)
        return _("Way removed")
    if name == "test":
        prove_way.send_test(way_id=way.pk, actor=actor, at=at)
        return _("A test is on its way")
    return None
