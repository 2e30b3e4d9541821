"""The typed fields of an intake: cleaned the same way by log and update."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from catalogue.models import Service, Site
from ledger.actor import Actor
from ledger.errors import Refused
from tickets import words
from tickets.models import Interaction, Ticket
from tickets.models.interaction import InteractionQuerySet
from tickets.text import clean_line

LINES = {
    "title": 200, "caller_name": 120, "caller_organisation": 160, "caller_email": 254, "caller_phone": 20,
    "callback_number": 20, "problem_since": 200, "problem_where": 200, "problem_changed": 400,
}  # fmt: skip
TEXTS = ("description", "problem_what", "problem_impact")
LONGEST = 20_000
INTAKE_FIELDS = (*LINES, *TEXTS, "kind", "urgent", "service_id", "site_id")


def clean_intake(fields: dict[str, Any], *, actor: Actor) -> dict[str, Any]:
    """Return `fields` ready to be stored. Raises Refused("no_title"), ("too_long"), ("bad_text"), ("bad_kind"),
    ("unknown_service") or ("unknown_site"), each naming its field."""
    return {name: _clean(name, value, actor) for name, value in fields.items()}


def _clean(name: str, value: Any, actor: Actor) -> Any:
    if name == "kind" and value not in words.Kind.values:
        raise Refused("bad_kind", _("Choose the kind from the list."), "kind")
    if name in {"service_id", "site_id"}:
        model = Service if name == "service_id" else Site
        if value is not None and not model.objects.visible_to(actor).filter(pk=value).exists():
            raise Refused(
                f"unknown_{name[:-3]}", _("We do not know that service or site. Choose one of this customer's."), name
            )
        return value
    if name in LINES:
        value = clean_line(value)
        if name == "title" and not value:
            raise Refused("no_title", _("Give the ticket a title."), "title")
    elif name in TEXTS:
        value = value.strip()
        if "\x00" in value:
            raise Refused("bad_text", _("The text holds a character that cannot be stored. Remove it."), name)
    if isinstance(value, str) and len(value) > LINES.get(name, LONGEST):
        raise Refused("too_long", _("The text is too long. Shorten it."), name, most=LINES.get(name, LONGEST))
    return value


def bind_interaction(interaction_id: int, ticket: Ticket, *, actor: Actor) -> Interaction:
    """Tie an interaction to a ticket. Raises Refused("unknown_interaction"), or ("taken") if it has another ticket."""
    rows = Interaction.objects.visible_to(actor) if not actor.is_customer else _own(actor)
    found = rows.select_for_update(no_key=True, of=("self",)).filter(pk=interaction_id).first()
    if found is None:
        raise Refused("unknown_interaction", _("We do not know that call. Open it from your calls."), "interaction_id")
    if found.ticket_id not in {None, ticket.pk}:
        raise Refused(
            "taken", _("That call already belongs to another ticket. Add a note here instead."), "interaction_id"
        )
    found.ticket = ticket
    found.save(update_fields=["ticket"])
    return found


def _own(actor: Actor) -> InteractionQuerySet:
    return Interaction.objects.filter(contact_id=actor.contact_id or 0)
