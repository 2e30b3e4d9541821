"""The commands an escalation's page offers: form, command, and what it says when done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from escalation.board_detail import DutyRow
from escalation.commands.confirm import CALLERS, confirm_duty, record_phone_confirmation
from escalation.commands.engage import engage_team
from escalation.commands.inform import inform_ahead, inform_told
from escalation.commands.review import agree_plan, record_customer_contact, record_review
from escalation.models import Duty, Escalation
from ledger.actor import Actor
from servicedesk.supervisor.forms import CallForm, ContactForm, EngageForm, InformForm, ItemForm, PhoneForm, TextForm
from servicedesk.web.forms import CommandForm
from tickets.commands.plan import add_work_item


@dataclass(frozen=True, kw_only=True, slots=True)
class Action:
    """One command. `form(data, **subject)` builds its form; `run(subject, cleaned, actor, at)` calls it."""

    name: str
    form: Callable[..., Any]
    run: Callable[[Any, dict[str, Any], Actor, datetime], Any]
    done: Any
    dialog: bool = True


def _review(e: Escalation, data: dict[str, Any], actor: Actor, at: datetime) -> None:
    record_review(escalation_id=e.pk, text=data["text"], actor=actor, at=at)


def _contact(e: Escalation, data: dict[str, Any], actor: Actor, at: datetime) -> None:
    record_customer_contact(
        escalation_id=e.pk,
        contact_id=data["contact"].pk,
        number=data["number"],
        text=data["text"],
        actor=actor,
        at=at,
    )


def _plan(e: Escalation, data: dict[str, Any], actor: Actor, at: datetime) -> None:
    agree_plan(escalation_id=e.pk, actor=actor, at=at)


def _engage(e: Escalation, data: dict[str, Any], actor: Actor, at: datetime) -> None:
    engage_team(escalation_id=e.pk, team_id=data["team"].pk, text=data["text"], actor=actor, at=at)


def _item(e: Escalation, data: dict[str, Any], actor: Actor, at: datetime) -> None:
    add_work_item(
        ticket_id=e.ticket_id,
        title=data["title"],
        due_at=data["due_at"],
        public=True,
        **data["owner"],
        actor=actor,
        at=at,
    )


def _inform(e: Escalation, data: dict[str, Any], actor: Actor, at: datetime) -> None:
    inform_told(escalation_id=e.pk, text=data["text"], public=data["public"], actor=actor, at=at)


def _call(e: Escalation, data: dict[str, Any], actor: Actor, at: datetime) -> None:
    inform_ahead(escalation_id=e.pk, role=data["role"], actor=actor, at=at)


def _confirm(duty: Duty, data: dict[str, Any], actor: Actor, at: datetime) -> None:
    confirm_duty(duty_id=duty.pk, actor=actor, at=at)


def _phone(duty: Duty, data: dict[str, Any], actor: Actor, at: datetime) -> None:
    wanted = {key: data[key] for key in ("number", "outcome", "note", "deputy")}
    record_phone_confirmation(duty_id=duty.pk, **wanted, actor=actor, at=at)


ESCALATION_ACTIONS = {
    action.name: action
    for action in (
        Action(
            name="review",
            form=lambda data, **_more: TextForm(data),
            run=_review,
            done=_("Review recorded"),
        ),
        Action(
            name="contact",
            form=lambda data, escalation, **_more: ContactForm(data, escalation=escalation),
            run=_contact,
            done=_("Customer contact recorded"),
        ),
        Action(
            name="plan",
            form=lambda data, **_more: CommandForm(data),
            run=_plan,
            done=_("Action plan agreed; the customer sees it"),
        ),
        Action(
            name="engage",
            form=lambda data, actor, **_more: EngageForm(data, actor=actor),
            run=_engage,
            done=_("Team engaged; mail and chat go out"),
        ),
        Action(
            name="item",
            form=lambda data, escalation, **_more: ItemForm(data, escalation=escalation),
            run=_item,
            done=_("Item added to the plan"),
        ),
        Action(
            name="inform",
            form=lambda data, **_more: InformForm(data),
            run=_inform,
            done=_("Sent to everyone informed so far"),
        ),
        Action(
            name="call",
            form=lambda data, **_more: CallForm(data),
            run=_call,
            done=_("Called now; the confirmation is open"),
            dialog=False,
        ),
    )
}
DUTY_ACTIONS = {
    action.name: action
    for action in (
        Action(
            name="confirm",
            form=lambda data, **_more: CommandForm(data),
            run=_confirm,
            done=_("Confirmed: you are on record as informed"),
            dialog=False,
        ),
        Action(
            name="phone",
            form=lambda data, duty: PhoneForm(data, duty=duty),
            run=_phone,
            done=_("Call recorded"),
        ),
    )
}


WORDS = {
    "review": (_("Record the review"), _("Record review"), ""),
    "contact": (_("Record the call to the customer"), _("Record contact"), ""),
    "plan": (
        _("Record the agreement"),
        _("Agreed with the customer"),
        _("The plan with its owners becomes public: the customer sees it on the portal and in the case notes."),
    ),
    "engage": (
        _("Engage a team"),
        _("Engage"),
        _("The team gets mail and chat with the ticket number, and an item of work."),
    ),
    "item": (_("Add an item to the plan"), _("Add item"), ""),
    "inform": (
        _("Inform everyone told so far"),
        _("Inform now"),
        _("Goes at once, in writing, to all who were told of this escalation, and onto the ticket as progress."),
    ),
}


def dialogs(escalation: Escalation, actor: Actor, *, refused: Any, command: str) -> list[dict[str, Any]]:
    """Return one dialog for each command; the refused one open, with its form as it was sent."""
    made = []
    for name, action in ESCALATION_ACTIONS.items():
        if not action.dialog:
            continue
        mine = name == command
        form = refused if mine else action.form(None, escalation=escalation, actor=actor)
        form.auto_id = f"id_{name}_%s"
        title, submit, hint = WORDS[name]
        made.append({"name": name, "title": title, "submit": submit, "hint": hint, "form": form, "open": mine})
    return made


def phone_forms(rows: Sequence[DutyRow], actor: Actor, *, refused: Any) -> list[tuple[DutyRow, Any]]:
    """Return (duty, form) of every call the reader may record."""
    if not actor.has_role(*CALLERS):
        return []
    wanted = [row for row in rows if row.duty.confirmed_at is None and row.duty.person_id not in (None, actor.user_id)]
    sent = refused if isinstance(refused, PhoneForm) else None
    return [(row, sent if sent and sent.duty.pk == row.duty.pk else PhoneForm(None, duty=row.duty)) for row in wanted]
