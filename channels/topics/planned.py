"""Letters of planned work: each customer reads of its own services and of nobody else (C-29)."""

from typing import Any

from django.conf import settings
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact
from channels.outbound.letter import Draft
from channels.topics.about import as_uuid, fact, of_contact
from ledger.models import OutboxMessage
from tickets.models import Maintenance

WINDOW = "maintenance:"


def told(message: OutboxMessage) -> list[Draft]:
    """One letter to each contact of the one customer of the fact; the window's times are those of the fact."""
    chain = message.entry.chain if message.entry else ""
    window = Maintenance.objects.filter(number=chain.removeprefix(WINDOW)).first()
    if window is None or not chain.startswith(WINDOW):
        return []
    named = [as_uuid(each) for each in fact(message, "contacts", [])]
    own = Contact.objects.filter(uuid__in=named, organisation__uuid=as_uuid(fact(message, "organisation")))
    context = _words(window, message)
    receivers = [of_contact(contact) for contact in own.select_related("organisation").order_by("pk")]
    return [Draft(to, "maintenance", context) for to in receivers if to is not None]


def _words(window: Maintenance, message: OutboxMessage) -> dict[str, Any]:
    own = window.impacts.filter(left_out=False, organisation__uuid=as_uuid(fact(message, "organisation")))
    return {
        "window": window, "what": fact(message, "what"), "services": [row.service for row in _with_service(own)],
        "starts_at": parse_datetime(fact(message, "starts_at")), "ends_at": parse_datetime(fact(message, "ends_at")),
        "action_url": f"{settings.BASE_URL}/portal/planned/{window.uuid}/", "action": _("See the planned work"),
    }  # fmt: skip


def _with_service(rows: Any) -> Any:
    return rows.select_related("service").order_by("service__service_id")
