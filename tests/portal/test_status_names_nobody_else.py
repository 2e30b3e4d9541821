import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import Contact, Organisation
from catalogue.models import Alert, Service
from channels import letters
from channels.fakes import recording
from ledger import clock
from tests.factories.clocks import MINUTE
from tests.factories.majors import BODIES, child_ticket, customers, declared, told
from tests.portal.parts import signed_in
from tickets.commands.major_children import attach_ticket
from tickets.commands.major_impact import add_organisation, remove_organisation
from tickets.commands.major_restore import restore_major
from tickets.commands.major_review import begin_review, close_major, complete_review, save_review
from tickets.commands.major_steps import add_prevention, skip_step
from tickets.major_links import status_token
from tickets.models import Ticket


@pytest.fixture
def hit(cast, policies, nine, settings):
    """An incident of Northgate, Calder and two more, each with a ticket and words of its own; news were sent."""
    cache.clear()
    settings.OUTBOUND = "record"
    recording.clear()
    incident, who = declared(cast, nine), {"actor": cast.cy_actor, "at": nine}
    others = customers(2)
    for organisation in others:
        add_organisation(incident_id=incident.pk, organisation_id=organisation.pk, reason="Same trunk", **who)
    for organisation in (cast.northgate, cast.other, *others):
        ticket = child_ticket(cast, nine, organisation, title=f"Kanarienvogel of {organisation.name}")
        attach_ticket(incident_id=incident.pk, ticket_id=ticket.pk, **who)
    told(incident, cast.cy_actor, nine, on_tickets=True)
    clock.set_demo(demo_now=nine + 5 * MINUTE, speed=1.0)
    yield incident
    recording.clear()


def secrets_of(organisation) -> set[str]:
    """Everything that would name a customer."""
    services = Service.objects.filter(organisation=organisation).exclude(service_id="CORE-1")
    found = {organisation.name, organisation.account_number, *services.values_list("service_id", flat=True)}
    found |= set(Ticket.objects.filter(organisation=organisation).values_list("number", flat=True))
    return found | set(Contact.objects.filter(organisation=organisation).values_list("name", flat=True))


@pytest.mark.rule("V-19")
def test_neither_status_pages_nor_links_nor_letters_name_one_customer_to_another(cast, hit):
    everybody = list(Organisation.objects.all())
    pages = {}
    for organisation in everybody:
        contact = organisation.contacts.order_by("pk").first()
        row = hit.organisations.get(organisation=organisation)
        page = signed_in(contact).get(reverse("portal:status")).content.decode()
        assert "Inbound calls fail" in page or "来电无法接通" in page
        link = Client().get(f"/status/{status_token(row.uuid)}/").content.decode()
        assert BODIES["en"] in link and not [one for one in secrets_of(organisation) if one in link]
        pages[organisation] = page + link
    letters.send_outbox()
    for letter in recording.letters:
        owner = Contact.objects.get(email=letter.to.address).organisation
        pages[owner] += letter.subject + letter.text + letter.html

    leaks = {
        (reader.name, word)
        for reader, text in pages.items()
        for other in everybody if other != reader
        for word in secrets_of(other) if word in text
    }  # fmt: skip
    assert leaks == set() and len(recording.letters) >= 5


def test_a_customer_not_affected_reads_nothing_of_it(cast, hit, nine):
    Ticket.objects.filter(organisation=cast.other).update(organisation=cast.northgate)
    row = hit.organisations.get(organisation=cast.other)
    hit.children.filter(ticket__organisation=cast.other).delete()
    remove_organisation(
        incident_id=hit.pk, organisation_id=cast.other.pk, reason="Its trunk runs elsewhere", actor=cast.cy_actor,
        at=nine,
    )  # fmt: skip

    page = signed_in(cast.dee).get(reverse("portal:status")).content.decode()

    assert "No incident affects you" in page and "Inbound calls fail" not in page
    assert Client().get(f"/status/{status_token(row.uuid)}/").status_code == 410


def test_a_customer_added_later_reads_no_news_that_was_not_sent_to_it(cast, hit, nine):
    late = Organisation.objects.create(
        name="Late Ltd", account_number="L-1", service_category="enterprise", created_at=nine
    )
    add_organisation(
        incident_id=hit.pk, organisation_id=late.pk, reason="Same trunk", actor=cast.cy_actor, at=nine + MINUTE
    )
    row = hit.organisations.get(organisation=late)

    page = Client().get(f"/status/{status_token(row.uuid)}/").content.decode()

    assert "We look into it" in page and BODIES["en"] not in page


def test_a_guessed_or_broken_link_and_one_long_over_say_the_same(cast, hit, nine):
    row, who = (
        hit.organisations.get(organisation=cast.other),
        {"incident_id": hit.pk, "actor": cast.cy_actor, "at": nine},
    )
    token = status_token(row.uuid)
    broken = [token[:-1] + ("A" if token[-1] != "A" else "B"), "x" * 43, "", token + "A", "é" * 43]
    for one in broken[:2] + broken[3:]:
        assert Client().get(f"/status/{one}/").status_code == 410
    restore_major(bodies=BODIES, evidence="Test calls pass", **who)
    begin_review(**who)
    texts = {
        "summary": "Calls failed",
        "cause_code": "power",
        "cause": "Power was lost",
        "went_well": "",
        "went_badly": "",
    }
    save_review(**texts, **who)
    item = add_prevention(title="Second feed", owner_user_id=cast.sam.pk, due_at=nine + MINUTE, **who)
    skip_step(item_id=item.pk, reason="The site closes in May", actor=cast.cy_actor, at=nine)
    complete_review(**who)
    close_major(**who)
    assert Client().get(f"/status/{token}/").status_code == 200

    clock.set_demo(demo_now=nine + 60 * 24 * 31 * MINUTE, speed=1.0)

    assert Client().get(f"/status/{token}/").status_code == 410


def test_ninety_days_of_a_service_are_drawn_and_asked_for_in_few_questions(
    cast, hit, nine, django_assert_max_num_queries
):
    Alert.objects.create(
        organisation=cast.northgate, service=cast.service, key="k", summary="Loss", traffic_affecting=True,
        raised_at=nine - 60 * MINUTE, cleared_at=nine,
    )  # fmt: skip
    client = signed_in(cast.ada)
    client.get(reverse("portal:status"))

    with django_assert_max_num_queries(15):
        page = client.get(reverse("portal:status")).content.decode()

    assert page.count("<rect") >= 90 and "1 days with faults" in page and "99.95% up" in page
