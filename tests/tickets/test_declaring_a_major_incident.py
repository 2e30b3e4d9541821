import pytest

from accounts.models import RoleGrant
from catalogue.models import Service
from ledger.errors import Refused
from ledger.models import Entry
from tests.factories.clocks import MINUTE, armed, put
from tests.factories.majors import child_ticket, core, declared
from tickets.commands.major_impact import add_organisation, recompute_impact, remove_organisation
from tickets.models import MajorIncident


@pytest.fixture(autouse=True)
def _shipped(cast, policies):
    """Clocks and playbooks as every install has them."""


def affected(incident):
    rows = incident.organisations.filter(removed_at=None)
    return set(rows.values_list("organisation__name", flat=True))


@pytest.mark.rule("V-09")
@pytest.mark.rule("V-19")
def test_an_agent_declares_from_a_ticket_and_everybody_below_the_service_is_affected(cast, nine):
    service = core(cast)
    ticket = child_ticket(cast, nine, service=cast.service, critical=True)

    incident = declared(cast, nine + MINUTE, actor=cast.bo_actor, ticket=ticket, service_ids=[service.pk])

    assert (incident.number[:3], incident.state, incident.lead, incident.commander) == (
        "MI-",
        "declared",
        ticket,
        cast.sam,
    )
    assert affected(incident) == {"Northgate Health Alliance", "Calder Mutual Bank"}
    assert set(incident.services.values_list("service__service_id", "root")) == {
        ("CORE-1", True), ("EPL-30112", False), ("EPL-30277", False),
    }  # fmt: skip
    assert list(incident.children.values_list("ticket__number", flat=True)) == [ticket.number]
    names = set(Entry.objects.filter(chain=incident.chain).values_list("name", flat=True))
    assert names == {"major.declared", "major.ticket_attached", "major.protocol_begun"}
    assert Entry.objects.filter(chain=ticket.chain, name="ticket.joined_major").count() == 1
    assert armed(rule_code="I-1") == {("I-1", 1): nine + 31 * MINUTE}


def test_a_circle_in_the_service_graph_ends(cast, nine):
    service = core(cast)
    Service.objects.filter(pk=service.pk).update(upstream=cast.service)

    assert declared(cast, nine).services.count() == 3


def test_an_agent_without_a_ticket_declares_nothing(cast, nine):
    core(cast)
    with pytest.raises(Refused) as refusal:
        declared(cast, nine, actor=cast.bo_actor)

    assert refusal.value.code == "not_allowed"
    assert not MajorIncident.objects.exists()


def test_a_restricted_ticket_opens_no_major_incident(cast, nine):
    ticket = put(child_ticket(cast, nine), restricted=True, owner=cast.cy)

    with pytest.raises(Refused) as refusal:
        declared(cast, nine, ticket=ticket)

    assert refusal.value.code == "restricted"
    assert not MajorIncident.objects.exists()


def test_the_customers_title_names_no_customer(cast, nine):
    for words in ("Outage at Calder Mutual Bank", "Line epl-30277 fails", "See SD-900123", "Account A-207751"):
        with pytest.raises(Refused) as refusal:
            declared(cast, nine, public_titles={"en": words})
        assert (refusal.value.code, refusal.value.field) == ("names_customer", "public_title")


@pytest.mark.rule("V-19")
def test_a_customer_taken_out_with_a_reason_stays_out_until_somebody_brings_it_back(cast, nine):
    incident, who = declared(cast, nine), {"actor": cast.cy_actor, "at": nine + MINUTE}
    other = {"incident_id": incident.pk, "organisation_id": cast.other.pk}
    with pytest.raises(Refused) as refusal:
        remove_organisation(**other, reason="", **who)
    assert refusal.value.code == "no_reason"

    remove_organisation(**other, reason="Its trunk runs elsewhere", **who)
    recompute_impact(incident_id=incident.pk, **who)
    assert affected(incident) == {"Northgate Health Alliance"}

    add_organisation(**other, reason="The trunk came back over the core", **who)
    assert affected(incident) == {"Northgate Health Alliance", "Calder Mutual Bank"}


def test_each_sees_the_incidents_of_their_region_and_no_stranger_any(cast, nine):
    incident = declared(cast, nine)
    MajorIncident.objects.filter(pk=incident.pk).update(region="au")
    remove_organisation(
        incident_id=incident.pk, organisation_id=cast.other.pk, reason="Not hit by it", actor=cast.cy_actor, at=nine
    )
    RoleGrant.objects.filter(user=cast.bo).update(region="eu")
    RoleGrant.objects.filter(user=cast.mo).update(region="au")

    seen = {name: MajorIncident.objects.visible_to(actor).count() for name, actor in (
        ("Bo of eu", cast.bo_actor), ("Mo of au", cast.mo_actor), ("Sam the commander", cast.sam_actor),
        ("Ada of Northgate", cast.ada_actor), ("Dee of Calder", cast.dee_actor))}  # fmt: skip

    assert seen == {"Bo of eu": 0, "Mo of au": 1, "Sam the commander": 1, "Ada of Northgate": 1, "Dee of Calder": 0}


def test_a_supervisor_of_another_region_reads_it_and_leads_nothing(cast, nine):
    incident = declared(cast, nine)
    MajorIncident.objects.filter(pk=incident.pk).update(region="au")
    RoleGrant.objects.filter(user=cast.cy).update(region="eu")
    assert MajorIncident.objects.visible_to(cast.cy_actor).count() == 1

    with pytest.raises(Refused) as refusal:
        recompute_impact(incident_id=incident.pk, actor=cast.cy_actor, at=nine)

    assert refusal.value.code == "not_leading"
