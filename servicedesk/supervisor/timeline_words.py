"""A ticket's timeline in words and as data."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from escalation.models import Notification
from escalation.simulator import proof
from escalation.simulator.timeline import Stretch, Timeline
from servicedesk.web import times


def patterns() -> tuple[str, str]:
    """Return the sentences of `called_by` with their gaps, for the browser: with people, without."""
    return _("Called by {t} if nobody acts: {people}."), _("Nobody is called by {t}.")


def called_by(line: Timeline, by: datetime) -> str:
    """Return who is called if nobody acts by then."""
    people = line.called_by(by)
    some, none = patterns()
    said = times.moment(by, line.now)
    return some.format(t=said, people=", ".join(people)) if people else none.format(t=said)


def what_words() -> dict[str, str]:
    """Return the words of each link of the chain of proof."""
    return {
        proof.WAITING: _("waiting"), proof.SENT: _("sent"), proof.DELIVERED: _("delivered"), proof.SEEN: _("seen"),
        proof.ACKNOWLEDGED: _("acknowledged"), proof.BUNDLED: _("held by bundling"), proof.FAILED: _("failed"),
    }  # fmt: skip


def pause_words(one: Stretch) -> str:
    """Return why a stretch does not count and who approved that."""
    if one.kind == "closed":
        return _("outside the hours")
    if one.suspension is None:
        return _("suspended")
    reason = one.suspension.get_reason_code_display()
    if not one.approvers:
        return str(reason)
    return _("{reason}; approved by {people}").format(reason=reason, people=", ".join(one.approvers))


def pause_rows(line: Timeline) -> list[tuple[str, Stretch, str]]:
    """Return every stretch that did not count with its clock and why, for a table."""
    return [(clock, one, pause_words(one)) for clock, one in line.pauses]


def proof_rows(line: Timeline) -> list[tuple[str, proof.Told, str, str]]:
    """Return everything people were told or did as (person, link, what, channel), for a table."""
    words, channels = what_words(), dict(Notification.Channel.choices)
    return [(who, one, words[one.what], str(channels.get(one.channel, ""))) for who, one in line.proof]


def as_data(line: Timeline, by: datetime) -> dict[str, Any]:
    """Return everything the picture shows, JSON-able; instants in UTC."""
    return {
        "ticket": line.ticket.number, "from": line.first, "now": line.now, "to": line.last,
        "clocks": [
            {
                "policy": lane.name, "number": lane.number, "state": lane.state,
                "stretches": [
                    {"from": one.begin, "to": one.end, "kind": one.kind, "approved_by": one.approvers,
                     "reason": one.suspension.reason_code if one.suspension else ""}
                    for one in lane.stretches
                ],
                "marks": [
                    {"at": mark.at, "rule": mark.code, "occurrence": mark.occurrence, "state": mark.state,
                     "late_s": float(mark.late_s) if mark.state == "late" else 0, "people": list(mark.people)}
                    for mark in lane.marks
                ],
            }
            for lane in line.lanes
        ],
        "people": [
            {"name": name, "told": [{"at": one.at, "rule": one.code, "what": one.what, "channel": one.channel}
                                    for one in told]}
            for name, told in line.people.items()
        ],
        "by": by, "called": line.called_by(by),
    }  # fmt: skip
