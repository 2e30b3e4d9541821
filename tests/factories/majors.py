"""Major incidents as tests need them: a service core with customers below it, and the commands' short forms."""

from datetime import datetime

from accounts.models import Organisation
from catalogue.models import Service
from ledger.actor import Actor
from tests.factories.cast import JANUARY, Cast, contact
from tests.factories.clocks import dispatched_ticket, put
from tickets.commands.major_declare import Declaration, declare_major
from tickets.commands.major_update import Sent, publish_update
from tickets.models import MajorIncident, Ticket

TITLES = {"en": "Inbound calls fail", "zh-hans": "来电无法接通"}
BODIES = {
    "en": "Some inbound calls fail. Our voice team works on it.",
    "zh-hans": "部分来电无法接通，语音团队正在处理。",
}


def core(cast: Cast) -> Service:
    """A core service of Northgate's region, with Northgate's and Calder's lines below it."""
    made = Service.objects.create(
        service_id="CORE-1", organisation=cast.northgate, type="voice", name="Voice core", complete=True
    )
    Service.objects.filter(pk__in=[cast.service.pk, cast.other_service.pk]).update(upstream=made)
    return made


def declared(
    cast: Cast, at: datetime, *, actor: Actor | None = None, ticket: Ticket | None = None, **more
) -> MajorIncident:
    """A major incident of the voice core, commanded by Sam."""
    service = Service.objects.filter(service_id="CORE-1").first() or core(cast)
    values = {"title": "Voice core rejects calls", "public_titles": TITLES, "service_ids": [service.pk],
              "commander_id": cast.sam.pk} | more  # fmt: skip
    return declare_major(
        declaration=Declaration(**values), ticket_id=ticket.pk if ticket else None, actor=actor or cast.cy_actor, at=at
    )


def told(incident: MajorIncident, actor: Actor, at: datetime, **more) -> Sent:
    """News went out."""
    values = {"phase": "investigating", "bodies": BODIES} | more
    return publish_update(incident_id=incident.pk, actor=actor, at=at, **values)


def child_ticket(cast: Cast, at: datetime, organisation: Organisation | None = None, **fields) -> Ticket:
    """A verified ticket at work in L1, of any organisation."""
    from accounts.models import Verification

    owner = organisation or cast.northgate
    ticket = dispatched_ticket(cast, at, organisation=owner, **fields)
    proof = Verification.objects.create(ticket=ticket, organisation=owner, proof="internal", outcome="passed", at=at)
    return put(ticket, verification=proof)


def customers(count: int) -> list[Organisation]:
    """Customers with one contact each, every second of them reading Chinese."""
    made = []
    for n in range(count):
        organisation = Organisation.objects.create(
            name=f"Customer Kanari {n:02d}", account_number=f"K-{n:05d}", service_category="enterprise", region="au",
            created_at=JANUARY,
        )  # fmt: skip
        contact(organisation, f"Contact {n:02d}", f"c{n}@kanari.example", f"+6135560{n:04d}",
                language="zh-hans" if n % 2 else "en")  # fmt: skip
        made.append(organisation)
    return made
