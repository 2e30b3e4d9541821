"""Forty tickets of twelve customers: the room, its paper and the customer's status hold in every shape."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.conftest import looks_right
from tests.factories.clocks import MINUTE
from tests.factories.majors import BODIES, child_ticket, customers, declared, told
from tests.short import some
from tickets.commands.major_children import attach_ticket
from tickets.commands.major_impact import add_organisation
from tickets.commands.major_news import write_log
from tickets.commands.major_people import add_role
from tickets.commands.major_steps import add_prevention
from tickets.models import MajorUpdate, Note


@pytest.mark.rule("V-19")
@pytest.mark.parametrize(
    ("width", "dark"), some([(1440, False), (1440, True), (1024, False), (390, False), (390, True)], __name__, 1)
)
def test_forty_tickets_of_twelve_customers_are_led_from_one_page(sign_in, path, width, dark):
    cast, at = path.cast, path.now
    incident, who = declared(cast, at), {"actor": cast.cy_actor, "at": at}
    owners = customers(10)
    for organisation in owners:
        add_organisation(incident_id=incident.pk, organisation_id=organisation.pk, reason="Same trunk", **who)
    for n in range(40):
        ticket = child_ticket(cast, at, [*owners, cast.northgate, cast.other][n % 12])
        attach_ticket(incident_id=incident.pk, ticket_id=ticket.pk, **who)
    add_role(incident_id=incident.pk, part="communications", user_id=cast.bo.pk, **who)
    write_log(incident_id=incident.pk, text="Rollback package ready, waits for approval", **who)
    add_prevention(
        incident_id=incident.pk, title="Alarm on 488 replies above 1%", owner_user_id=cast.sam.pk,
        due_at=at + 9000 * MINUTE, **who,
    )  # fmt: skip
    told(incident, cast.cy_actor, at)
    page = sign_in(cast.cy, width=width, height=1300, dark=dark)
    shape = f"{width}{'-dark' if dark else ''}"

    page.goto(page.base + reverse("desk:major", args=[incident.uuid]))
    page.wait_for_selector("html[data-ready]")
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    looks_right(page, f"major-{shape}")
    page.get_by_label("Update to customers").fill(BODIES["en"])
    page.get_by_label("In Chinese").fill(BODIES["zh-hans"])
    page.get_by_label("Also onto the tickets").check()
    page.get_by_role("button", name="Send update").click()
    expect(page.get_by_text("Sent to 13 contacts").first).to_be_visible()
    assert MajorUpdate.objects.exclude(sent_at=None).count() == 2 and Note.objects.filter(public=True).count() == 40
    page.get_by_role("link", name="Declare restored").first.click()
    page.get_by_role("dialog").get_by_label("How it was checked").wait_for()
    looks_right(page, f"major-restore-{shape}")
    others = [
        ("paper", reverse("desk:major-review", args=[incident.uuid])), ("list", reverse("desk:major-incidents")),
        ("new", reverse("desk:major-new")),
    ]  # fmt: skip
    for name, address in some(others, f"{__name__} beside", 1):
        page.goto(page.base + address)
        page.wait_for_selector("html[data-ready]")
        looks_right(page, f"major-{name}-{shape}")
    customer = sign_in(cast.ada.user, width=width, dark=dark)
    customer.goto(customer.base + reverse("portal:status"))
    customer.wait_for_selector("html[data-ready]")
    assert not customer.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    looks_right(customer, f"status-{shape}")
