"""What a line of a handover says, in the reader's language and zone: its facts were frozen as values."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from escalation.models import HandoverLine
from escalation.shifts.compare import Change
from servicedesk.web.navigation import address
from servicedesk.web.times import moment, state_of
from tickets.models import Commitment, MajorIncident
from tickets.words import State, Tier


def hint(part: str) -> str:
    """Return what a part holds, in a few words."""
    return {
        "hot": _("escalated, P1, or a customer without news"),
        "active": _("due in the coming shift or waiting for a reply"),
        "top": _("L3 work with a promised time"), "risk": _("people, windows, weekend"),
    }[part]  # fmt: skip


def sentences(line: HandoverLine, at: datetime) -> list[str]:
    """Return what a line says beneath its title, sentence by sentence."""
    facts = line.facts
    said = _RISKS.get(facts.get("kind", ""))
    if said is not None:
        return [said(facts, at)]
    return [one for one in (_stands(facts), _escalated(facts, at), _promised(facts, at), _waits(facts, at)) if one]


def title(line: HandoverLine) -> str:
    """Return the title of a line; a risk without a thing of its own is named here."""
    named = {
        "approvals": _("Suspensions that wait for an approval"), "calls": _("Unfinished calls"),
        "weekend": _("Customers without weekend cover"), "gap": _("Nobody on call: %(name)s") % {"name": line.title},
        "away": _("%(name)s is away") % {"name": line.title},
    }  # fmt: skip
    return named.get(line.facts.get("kind", ""), line.title)


def link(line: HandoverLine) -> str:
    """Return the address of what a line is about, "" where it has no page."""
    kind, number = line.facts.get("kind", ""), line.facts.get("number", "")
    if kind in _ROOMS:
        return reverse(_ROOMS[kind], args=[line.facts["of"]])
    if kind in _PAGES:
        return address(_PAGES[kind]) or ""
    if line.escalation_id and line.escalation:
        return f"/supervisor/escalations/{line.escalation.uuid}/"
    return f"/desk/tickets/{number}/" if number else ""


def due_word(line: HandoverLine, labels: dict[str, str]) -> str:
    """Return what falls due, in a word or two."""
    own = {
        "promise": pgettext("deadline", "Promise"), "item": pgettext("deadline", "Item"),
        "resume": pgettext("deadline", "resumes"), "update": pgettext("deadline", "News"), "": "",
    }  # fmt: skip
    return own[line.due_code] if line.due_code in own else labels.get(line.due_code, "")


def due_state(line: HandoverLine, at: datetime) -> str:
    """Return how the clock of a line looks."""
    if line.due_code == "resume":
        return "paused"
    return state_of(line.due_at, at) if line.due_at else "running"


def changed(said: Change) -> str:
    """Return what differs from the sheet before, in a sentence."""
    if said["what"] == "new":
        return _("New")
    if said["what"] == "gone":
        return _("Off the sheet, now: %(state)s") % {"state": _state(said["fields"]["state"][1])}
    told = [_field(name, before, after) for name, (before, after) in said["fields"].items()]
    return "; ".join(told)


def _field(name: str, before: Any, after: Any) -> str:
    names = {"priority": _("Priority"), "state": _("State"), "tier": _("Tier"), "owner": _("Owner"),
             "team": _("Team"), "stage": _("Stage of the escalation")}  # fmt: skip
    words = {"state": _state, "tier": lambda value: str(dict(Tier.choices).get(value, value) or "–")}
    shown = words.get(name, lambda value: str(value or "–"))
    return f"{names.get(name, name)}: {shown(before)} → {shown(after)}"


def _state(value: Any) -> str:
    return str(dict(State.choices).get(value, value) or "–")


def _stands(facts: dict[str, Any]) -> str:
    who = facts.get("owner") or _("nobody")
    state, team = _state(facts.get("state")), facts.get("team") or "–"
    said = _("%(customer)s. %(state)s, %(team)s, owner: %(owner)s.")
    return said % {"customer": facts.get("organisation") or "–", "state": state, "team": team, "owner": who}


def _escalated(facts: dict[str, Any], at: datetime) -> str:
    found = facts.get("escalation")
    if not found:
        return ""
    told = [_("Escalated since %(time)s, stage %(n)d.") % {"time": _time(found["since"], at), "n": found["stage"]}]
    if found["unconfirmed"]:
        told.append(_("Not confirmed: %(names)s.") % {"names": ", ".join(found["unconfirmed"])})
    if not found["contacted"]:
        told.append(_("The customer was not contacted yet."))
    elif not found["planned"]:
        told.append(_("No plan is agreed yet."))
    return " ".join(told)


def _promised(facts: dict[str, Any], at: datetime) -> str:
    found = facts.get("promise")
    if not found:
        return ""
    kind = str(dict(Commitment.Kind.choices).get(found["kind"], found["kind"]))
    said = {"kind": kind, "time": _time(found["due_at"], at), "who": found["by"] or "–", "text": found["text"]}
    if found["text"]:
        return _("%(kind)s promised by %(who)s for %(time)s: %(text)s") % said
    return _("%(kind)s promised by %(who)s for %(time)s.") % said


def _waits(facts: dict[str, Any], at: datetime) -> str:
    told = []
    if facts.get("suspended_until"):
        told.append(_("Suspended with consent until %(time)s.") % {"time": _time(facts["suspended_until"], at)})
    if facts.get("state") == "closure":
        told.append(_("Solved; the customer confirms or disputes."))
    if facts.get("heard_at"):
        told.append(_("Customer last heard from us %(time)s.") % {"time": _time(facts["heard_at"], at)})
    return " ".join(told)


def _time(said: str | None, at: datetime) -> str:
    return moment(parse_datetime(said) if said else None, at)


def _leaving(facts: dict[str, Any], at: datetime) -> str:
    said = {"who": facts["holder"], "time": _time(facts["leaves_at"], at)}
    return _("%(who)s leaves at %(time)s: the promise needs an owner.") % said


def _window(facts: dict[str, Any], at: datetime) -> str:
    services = ngettext("%(n)d service", "%(n)d services", facts["n"]) % {"n": facts["n"]}
    return _("Planned work until %(time)s touches %(services)s.") % {
        "time": _time(facts["until"], at), "services": services,
    }  # fmt: skip


def _major(facts: dict[str, Any], _at: datetime) -> str:
    phase = str(dict(MajorIncident.Phase.choices).get(facts["phase"], facts["phase"]))
    return _("Major incident, %(phase)s. Led by %(who)s.") % {"phase": phase, "who": facts["commander"]}


_ROOMS = {"major": "desk:major", "window": "desk:maintenance-one"}
_PAGES = {
    "approvals": "supervisor:approvals", "calls": "supervisor:shifts", "gap": "supervisor:rosters",
    "away": "desk:absences", "weekend": "desk:queue",
}  # fmt: skip
_RISKS = {
    "gap": lambda facts, at: _("Nobody is on until %(time)s.") % {"time": _time(facts["until"], at)},
    "away": lambda facts, at: _("Back at %(time)s.") % {"time": _time(facts["until"], at)},
    "leaving": _leaving, "window": _window, "major": _major,
    "approvals": lambda facts, at: ngettext("%(n)d suspension waits.", "%(n)d suspensions wait.", facts["n"])
    % {"n": facts["n"]},
    "calls": lambda facts, at: ngettext("%(n)d call has neither ticket nor disposition.",
                                        "%(n)d calls have neither ticket nor disposition.", facts["n"])
    % {"n": facts["n"]},
    "weekend": lambda facts, at: ngettext("%(n)d case waits until the weekend is over.",
                                          "%(n)d cases wait until the weekend is over.", facts["n"])
    % {"n": facts["n"]},
}  # fmt: skip
