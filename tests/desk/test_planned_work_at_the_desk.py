"""Planned work at its doors: plan, impact, approval, notice, marks, print and CSV; each reader its own (C-29)."""

import pytest
from django.urls import reverse

from catalogue.models import Alert
from ledger import clock
from tests.tickets.path import Path
from tests.tickets.windows import Windows
from tickets.models import Maintenance

pytestmark = pytest.mark.rule("C-29")


@pytest.fixture
def windows(cast, policies, nine) -> Windows:
    clock.set_demo(demo_now=nine, speed=1.0)
    return Windows(cast, nine)


def one(window: Maintenance, *command: str) -> str:
    return reverse("desk:maintenance-act" if command else "desk:maintenance-one", args=[window.uuid, *command])


def after(client, address: str, sent: dict) -> str:
    """The page one is led to after a post that went well."""
    return client.get(client.post(address, sent).headers["Location"]).content.decode()


def test_work_is_planned_in_a_form_and_its_impact_stands_on_the_page(bo, windows, cast):
    said = {
        "title": "Replace line card", "kind": "cutover", "zone": "UTC", "starts_at": "2026-06-29T14:00",
        "ends_at": "2026-06-29T15:30", "services": "epl-30112 EPL-9", "down_minutes": "8", "owner": str(cast.bo.uuid),
        "words": "We replace a part of our core.", "way_back": "",
    }  # fmt: skip
    address = reverse("desk:maintenance-new")
    answer = bo.post(address, said)
    assert answer.status_code == 422 and "EPL-9" in answer.content.decode()
    page = after(bo, address, said | {"services": "epl-30112"})
    assert "Replace line card" in page and "Calder Mutual Bank" in page and "Runs over it" in page
    window = Maintenance.objects.get()
    assert window.starts_at.hour == 14 and window.time_zone == "UTC"
    changed = said | {"services": "EPL-30112", "title": "Replace two cards", "version": window.version}
    assert "Replace two cards" in after(bo, reverse("desk:maintenance-edit", args=[window.uuid]), changed)


def test_a_refusal_opens_its_dialog_with_what_was_typed(bo, windows):
    window = windows.draft()
    answer = bo.post(one(window, "cancel"), {"reason": "xx", "version": window.version})
    assert answer.status_code == 422 and "few true words" in answer.content.decode()
    answer = bo.post(one(window, "cancel"), {"reason": "No card left", "version": window.version + 5})
    assert answer.status_code == 422 and "Somebody changed" in answer.content.decode()
    assert bo.post(one(window, "nothing")).status_code == 404


def test_an_approver_decides_on_the_approvals_page_and_the_owner_tells_customers(bo, windows, agent_of, cast):
    window = windows.requested()
    people = {"technical": windows.tess, "key_customers": cast.cy, "cutover": cast.mo}
    address = reverse("supervisor:approval-window", args=[window.uuid])
    assert bo.get(reverse("supervisor:approvals")).status_code == 404
    for function, user in people.items():
        client = agent_of(user)
        assert window.number in client.get(reverse("supervisor:approvals")).content.decode()
        window.refresh_from_db()
        sent = {"function": function, "approved": "yes", "version": window.version}
        assert client.post(address, sent).status_code == 303
    window.refresh_from_db()
    assert window.state == "approved"
    told = after(bo, one(window, "notice"), {"version": window.version})
    assert "Customers are told" in told and "1 contacts" in told


def test_pages_of_planned_work_ask_little(bo, windows, agent_of, cast, django_assert_max_num_queries):
    window = windows.noticed()
    for address, client in (
        (one(window), bo),
        (reverse("desk:maintenance"), bo),
        (reverse("supervisor:approvals"), agent_of(cast.cy)),
        (reverse("portal:planned"), agent_of(cast.ada.user)),
    ):
        client.get(address)
        with django_assert_max_num_queries(15):
            assert client.get(address).status_code == 200


def test_each_customer_sees_its_own_services_and_nobody_else(windows, agent_of, cast):
    window, drafted = windows.noticed(), windows.draft()
    ada, dee = agent_of(cast.ada.user), agent_of(cast.dee.user)
    listing, page = reverse("portal:planned"), reverse("portal:planned-one", args=[window.uuid])
    for client, own, foreign in (
        (ada, "EPL-30112", ("EPL-30277", "Calder")),
        (dee, "EPL-30277", ("EPL-30112", "Northgate")),
    ):
        for address in (listing, page):
            said = client.get(address).content.decode()
            assert own in said and not any(word in said for word in foreign)
    assert ada.get(reverse("portal:planned-one", args=[drafted.uuid])).status_code == 404
    assert drafted.number not in ada.get(listing).content.decode()


def test_a_colleague_of_another_region_learns_of_no_customer_outside_it(windows, agent_of, cast):
    from accounts.models import RoleGrant

    window = windows.draft()
    RoleGrant.objects.filter(user=cast.sam).update(region="eu")
    page = agent_of(cast.sam).get(one(window)).content.decode()
    assert "Calder Mutual Bank" in page and "Northgate" not in page and "EPL-30112" not in page
    RoleGrant.objects.filter(user=cast.sam).update(region="us")
    assert agent_of(cast.sam).get(one(window)).status_code == 404
    assert window.number not in agent_of(cast.sam).get(reverse("desk:maintenance")).content.decode()


def test_a_ticket_that_comes_in_inside_the_window_carries_its_number(bo, windows, cast):
    before, window = Path(cast, windows.at).triaged(), windows.running()
    ticket, link = Path(cast, window.starts_at).triaged(), f'href="{one(window)}"'
    assert link in bo.get(reverse("desk:ticket", args=[ticket.number])).content.decode()
    assert link not in bo.get(reverse("desk:ticket", args=[before.number])).content.decode()


def test_the_list_is_exported_without_formulas(bo, windows):
    windows.draft(title="=cmd|' /C calc'!A0")
    body = bo.get(reverse("desk:maintenance-export")).content.decode()
    assert "'=cmd" in body and body.startswith("\ufeff")


def test_the_call_screen_shows_announced_work_and_marks_alerts_inside_it(bo, windows, cast):
    window = windows.running()
    path = Path(cast, window.starts_at)
    Alert.objects.create(
        organisation=cast.northgate, service=cast.service, key="loss", summary="Loss of light", raised_at=path.now
    )
    call = path.ring()
    page = reverse("desk:call", args=[call.uuid])
    clock.set_demo(demo_now=path.now, speed=1.0)
    assert window.number not in bo.get(page).content.decode()
    assert path.attempt(None, call=call).outcome == "passed"
    said = bo.get(page).content.decode()
    assert said.count(window.number) >= 2 and "runs now" in said and "it does not page" in said
