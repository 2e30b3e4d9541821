"""News of a major incident: to the contacts it was frozen for, each in their language, nobody else's name in it."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from channels.outbound.letter import Draft
from channels.topics.about import as_uuid, fact, of_contact
from ledger.models import OutboxMessage
from tickets.major_links import status_token
from tickets.models import MajorOrganisation, MajorUpdate


def major_update(message: OutboxMessage) -> list[Draft]:
    """One letter to each contact of the frozen audience, with the link to their own status page (V-19, X-06)."""
    rows = MajorUpdate.objects.select_related("incident").filter(uuid=as_uuid(fact(message, "update")))
    update = rows.exclude(sent_at=None).first()
    if update is None:
        return []
    incident = update.incident
    links = dict(MajorOrganisation.objects.filter(incident=incident).values_list("organisation_id", "uuid"))
    drafts = []
    for row in update.recipients.select_related("contact__organisation"):
        to, link = of_contact(row.contact), links.get(row.contact.organisation_id)
        if to is None or link is None:
            continue
        words = {
            "number": incident.number, "title": incident.public_title(row.language), "body": update.body(row.language),
            "phase": update.get_phase_display, "over": update.phase == "restored", "next_at": update.next_update_at,
            "action_url": f"{settings.BASE_URL}/status/{status_token(link)}/", "action": _("See how it stands"),
        }  # fmt: skip
        drafts.append(Draft(to, "major_update", words))
    return drafts
