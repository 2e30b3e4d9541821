"""Configuration pages of tickets, time, mail and surveys: for administrators, on the record, never past commands."""

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.models import User
from escalation.models import Policy, PolicyVersion, RosterSlot, Rule
from ledger.models import Entry
from tests.factories.cast import staff
from tickets.models import Playbook, PriorityCell, RoutingRule

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast", "policies")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ROOMS = {"tickets", "escalation", "quality", "channels"}
SHOWN = {
    "tickets.PriorityCell", "tickets.RoutingRule", "tickets.Playbook", "tickets.CallScript", "tickets.TextBlock",
    "tickets.NoticeLead", "tickets.RecurrenceRule",
    "tickets.ApprovalRule",
    "escalation.Policy", "escalation.PolicyVersion",
    "escalation.Rule", "escalation.RosterSlot", "escalation.Shift", "quality.Survey", "channels.DeliveryAttempt",
}  # fmt: skip


@pytest.fixture
def root(cast, client):
    user = staff("root@desk.example", "Root Admin", "administrator")
    User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
    client.force_login(user, backend=BACKEND)
    return user


def page(model, verb, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{verb}", args=args)


def slot(cast, **changes) -> dict:
    typed = {"role": f"team:{cast.l1.uuid}", "scope": "global", "slot": 1, "layer": 1, "user": cast.bo.pk,
             "during_0": "2026-06-15 08:00", "during_1": "2026-06-15 16:00"}  # fmt: skip
    return typed | changes


def test_only_configuration_is_there_and_no_ticket():
    assert {m._meta.label for m in admin.site._registry if m._meta.app_label in ROOMS} == SHOWN


def test_every_page_opens_for_an_administrator_and_for_nobody_else(cast, root, client):
    models = [model for model in admin.site._registry if model._meta.app_label in ROOMS]
    for model in models:
        row = model._base_manager.first()
        pages = [page(model, "changelist"), *([page(model, "change", row.pk)] if row else [])]
        assert [client.get(url).status_code for url in pages] == [200] * len(pages), model
    for user in (cast.bo, cast.cy, cast.mo, cast.ada.user):
        client.force_login(User.objects.get(pk=user.pk), backend=BACKEND)
        for model in models:
            assert client.get(page(model, "changelist")).status_code in {302, 403, 404}, (user, model)
            assert client.post(page(model, "add"), {"name": "x"}).status_code in {302, 403, 404}, (user, model)
    assert not Entry.objects.filter(name__startswith="configuration.").exists()


@pytest.mark.invariant("I11")
def test_policies_can_only_be_read(root, client):
    for model in (Policy, PolicyVersion, Rule):
        row = model.objects.first()
        before = model.objects.filter(pk=row.pk).values().get()
        urls = [page(model, "change", row.pk), page(model, "delete", row.pk), page(model, "add")]
        answers = [client.post(url, {"name": "x", "n": 9, "offset_s": 1, "post": "yes"}) for url in urls]
        assert [answer.status_code for answer in answers] == [403, 403, 403], model
        assert model.objects.filter(pk=row.pk).values().get() == before


@pytest.mark.rule("C-03")
def test_a_cell_of_the_matrix_changes_on_the_record_and_none_comes_or_goes(root, client):
    cell = PriorityCell.objects.get(impact="low", urgency="low")
    assert client.post(page(PriorityCell, "change", cell.pk), {"priority": "P2", "impact": "high"}).status_code == 302
    changed = PriorityCell.objects.get(pk=cell.pk)
    assert (changed.impact, changed.priority) == ("low", "P2")
    entry = Entry.objects.get(name="configuration.changed")
    assert (entry.chain, entry.data["fields"]) == ("configuration:tickets.prioritycell", ["priority"])
    assert entry.actor_ref == str(root.uuid)
    assert client.post(page(PriorityCell, "add"), {}).status_code == 403
    assert client.post(page(PriorityCell, "delete", cell.pk), {"post": "yes"}).status_code == 403


def test_routing_and_playbooks_change_on_the_record(cast, root, client):
    rule = {"position": 1, "kind": "fault", "tier": "l1", "team": cast.l1.pk, "active": "on"}
    assert client.post(page(RoutingRule, "add"), rule).status_code == 302
    book = Playbook.objects.filter(steps__isnull=False).first()
    first = book.steps.first()
    steps = {"steps-TOTAL_FORMS": 1, "steps-INITIAL_FORMS": 1, "steps-0-id": first.pk, "steps-0-playbook": book.pk,
             "steps-0-position": first.position, "steps-0-title": "Look at the light levels"}  # fmt: skip
    head = {"key": book.key, "version": book.version, "name": book.name, "category": book.category, "active": "on"}
    assert client.post(page(Playbook, "change", book.pk), head | steps).status_code == 302
    assert book.steps.filter(title="Look at the light levels").exists()
    told = list(Entry.objects.filter(name__startswith="configuration.").values_list("chain", "data__fields"))
    assert ("configuration:tickets.playbook", ["playbookstep"]) in told
    assert "configuration:tickets.routingrule" in {chain for chain, _fields in told}


@pytest.mark.rule("A-04")
def test_a_turn_on_call_is_held_by_one_member_of_staff_for_a_role_that_exists(cast, root, client):
    wrong = [{"role": "duty_manger"}, {"role": "team:1"}, {"user": cast.ada.user.pk}, {"layer": 2},
             {"during_1": "2026-06-15 07:00"}, {"during_0": "never"}]  # fmt: skip
    for change in wrong:
        assert client.post(page(RosterSlot, "add"), slot(cast, **change)).status_code == 200, change
    assert RosterSlot.objects.count() == 0
    assert client.post(page(RosterSlot, "add"), slot(cast)).status_code == 302
    assert client.post(page(RosterSlot, "add"), slot(cast, user=cast.sam.pk)).status_code == 200
    assert [row.user for row in RosterSlot.objects.all()] == [cast.bo]
    assert Entry.objects.get(name="configuration.added").chain == "configuration:escalation.rosterslot"
