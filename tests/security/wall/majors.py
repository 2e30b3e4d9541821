"""A major incident of A, its words all canaries."""

from datetime import datetime

from accounts.actors import actor_for
from accounts.models import Organisation, User
from tests.security.wall.world import CANARY
from tickets.commands.major_declare import Declaration, declare_major
from tickets.commands.major_impact import add_organisation
from tickets.commands.major_update import publish_update
from tickets.models import MajorIncident


def plant_major(organisation: Organisation, lead: User, at: datetime) -> str:
    """Declare one that hits A alone, with news; return its public id."""
    titles = {"en": f"{CANARY} fails", "zh-hans": f"{CANARY} fails"}
    declaration = Declaration(title=f"{CANARY} core", public_titles=titles)
    made = declare_major(declaration=declaration, actor=actor_for(lead), at=at)
    who = {"incident_id": made.pk, "actor": actor_for(lead), "at": at}
    add_organisation(organisation_id=organisation.pk, reason=f"{CANARY} said so", **who)
    MajorIncident.objects.filter(pk=made.pk).update(region=organisation.region)
    body = f"{CANARY} works on it"
    publish_update(phase="investigating", bodies={"en": body, "zh-hans": body}, **who)
    return str(made.uuid)
