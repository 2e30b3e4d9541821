"""What was recorded on one escalation, told from the ledger in sentences; and every try to reach a person."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max
from django.utils.translation import gettext as _

from accounts.models import Contact, Team, User
from escalation.board import role_name, way
from escalation.models import Duty, Escalation, Notification
from ledger.models import Entry, EntryText, OutboxMessage

ICONS = {
    "email": "mail", "chat": "message", "web": "bell", "push": "bell", "sms": "message-2", "voice": "phone-outgoing",
    "webhook": "world",
}  # fmt: skip
SCREENS = (Notification.Channel.WEB, Notification.Channel.PUSH)


@dataclass(frozen=True, kw_only=True, slots=True)
class LogItem:
    """One line, newest first. `text` is what was said, as typed; empty if nothing was."""

    at: datetime
    name: str
    title: str
    who: str
    text: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """One try to reach the person of a duty. state: sent, waiting, failed, reached or missed."""

    at: datetime
    icon: str
    channel: str
    state: str


def entries_of(escalation: Escalation) -> list[Entry]:
    """Every fact of this escalation, newest first. 1 query."""
    rows = Entry.objects.filter(chain=escalation.ticket.chain, name__startswith="escalation.")
    return list(rows.filter(data__escalation=str(escalation.uuid)).order_by("-seq"))


def log(entries: Sequence[Entry]) -> list[LogItem]:
    """Return the facts as sentences, names and texts resolved in bulk. 4 queries."""
    refs = {entry.actor_ref for entry in entries if entry.actor_kind != "system"}
    refs |= {entry.data[key] for entry in entries for key in ("by", "to", "person", "contact") if entry.data.get(key)}
    names = _names(refs)
    teams = {str(row.uuid): row.name for row in Team.objects.filter(uuid__in=_data(entries, "team"))}
    ids = [part["id"] for entry in entries for part in entry.data.get("texts", {}).values()]
    bodies = {str(row.pk): row.body for row in EntryText.objects.filter(pk__in=ids)}
    return [_item(entry, names, teams, bodies) for entry in entries]


def _data(entries: Iterable[Entry], key: str) -> list[str]:
    return [entry.data[key] for entry in entries if entry.data.get(key)]


def _names(refs: set[str]) -> dict[str, str]:
    people = dict(User.objects.filter(uuid__in=refs).values_list("uuid", "name"))
    contacts = dict(Contact.objects.filter(uuid__in=refs).values_list("uuid", "name"))
    return {str(uuid): name for uuid, name in {**people, **contacts}.items()}


def _item(entry: Entry, names: dict[str, str], teams: dict[str, str], bodies: dict[str, str]) -> LogItem:
    texts = {key: bodies.get(part["id"], "") for key, part in entry.data.get("texts", {}).items()}
    said = next((texts[key] for key in ("reason", "text", "note") if texts.get(key)), "")
    who = _("Service desk") if entry.actor_kind == "system" else names.get(entry.actor_ref, "")
    return LogItem(at=entry.at, name=entry.name, title=_title(entry, names, teams, texts), who=who, text=said)


def _title(entry: Entry, names: dict[str, str], teams: dict[str, str], texts: dict[str, str]) -> str:
    data: dict[str, Any] = entry.data
    role = role_name(data.get("role", ""))
    by = names.get(data.get("by") or "", "")
    if entry.name == "escalation.confirmed":
        how = way(data["how"])
        if data.get("deputy"):
            return _("%(by)s confirmed as deputy, %(role)s, %(how)s") % {"by": by, "role": role, "how": how}
        return _("%(by)s confirmed, %(role)s, %(how)s") % {"by": by, "role": role, "how": how}
    if entry.name == "escalation.team_engaged":
        team, person = teams.get(data["team"], ""), names.get(data.get("person") or "", "")
        return _("%(team)s engaged: %(person)s") % {"team": team, "person": person} if person else (
            _("%(team)s engaged") % {"team": team}
        )  # fmt: skip
    return {
        "escalation.requested": _("Escalation requested by %(name)s") % {"name": texts.get("requester", "")},
        "escalation.joined": _("%(name)s joined the request") % {"name": texts.get("requester", "")},
        "escalation.attempted": _("Called, not reached: %(role)s") % {"role": role},
        "escalation.reply_unread": _("Reply that is no confirmation: %(role)s") % {"role": role},
        "escalation.handed": _("Handed to the deputy %(name)s") % {"name": names.get(data.get("to") or "", "")},
        "escalation.informed_ahead": _("%(name)s called ahead of time, %(role)s")
        % {"name": names.get(data.get("person") or "", ""), "role": role},
        "escalation.stage_two": _("Second stage began"),
        "escalation.reviewed": _("Case reviewed"),
        "escalation.customer_contacted": _("Customer called: %(name)s")
        % {"name": names.get(data.get("contact") or "", "")},
        "escalation.plan_agreed": _("Action plan agreed with the customer"),
        "escalation.closed": _("Escalation closed"),
    }.get(entry.name, entry.name)


def attempts(escalation: Escalation, entries: Sequence[Entry]) -> dict[int | str, list[Attempt]]:
    """Return every try by duty: messages by the duty's key, calls by its uuid as text. 1 query."""
    found: dict[int | str, list[Attempt]] = defaultdict(list)
    rows = Notification.objects.filter(duty__escalation=escalation).order_by("created_at", "pk")
    for row in rows.filter(duty__isnull=False):
        state = {"sent": "sent", "seen": "sent", "failed": "failed"}.get(row.state, "waiting")
        unseen = row.channel in SCREENS and row.seen_at is None
        if row.state != Notification.State.SUPERSEDED and not unseen:
            channel = str(row.get_channel_display())
            found[row.duty_id or 0].append(
                Attempt(at=row.created_at, icon=ICONS.get(row.channel, "bell"), channel=channel, state=state)
            )
    for entry in reversed(entries):
        call = entry.name == "escalation.confirmed" and entry.data.get("how") == Duty.How.CALL
        if call or entry.name == "escalation.attempted":
            found[entry.data["duty"]].append(
                Attempt(
                    at=entry.at,
                    icon="phone-outgoing" if call else "phone-x",
                    channel=_("Call"),
                    state="reached" if call else "missed",
                )
            )
    return found


def team_messages(entries: Sequence[Entry]) -> dict[str, list[Attempt]]:
    """Return mail and chat to each engaged team by the work item's uuid as text (X-05, P-04). 1 query."""
    engaged = {
        entry.pk: str(entry.data.get("item", "")) for entry in entries if entry.name == "escalation.team_engaged"
    }
    found: dict[str, list[Attempt]] = defaultdict(list)
    rows = OutboxMessage.objects.filter(entry_id__in=engaged).annotate(
        last=Max("tries__ended_at"), tried=Count("tries")
    )
    for row in rows.order_by("topic"):
        chat = row.topic.startswith("chat.")
        state = {"sent": "sent", "dead": "failed"}.get(row.state, "waiting")
        if state == "sent" and not row.tried:
            continue  # the team has no such way
        found[engaged[row.entry_id or 0]].append(
            Attempt(
                at=row.last or row.due_at,
                icon=ICONS["chat" if chat else "email"],
                channel=_("Chat") if chat else _("E-mail"),
                state=state,
            )
        )
    return found
