import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.models import Contact, ContactPhone, RoleGrant, Team, User
from accounts.verification import set_answer, set_pin
from ledger.actor import SYSTEM
from ledger.models import Entry
from tests.accounts.calls import PIN, ring, try_to_verify
from tests.factories.cast import staff

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SECRET = ("argon2", "md5$", "pin_hash", 'name="password"')
ROOMS = {"ledger", "accounts", "catalogue"}


@pytest.fixture
def root(cast, client):
    user = staff("root@desk.example", "Root Admin", "administrator")
    user.is_staff = user.is_superuser = True
    user.save()
    client.force_login(user, backend=BACKEND)
    return user


def page(model, verb, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{verb}", args=args)


def of_ours():
    return [(model, page) for model, page in admin.site._registry.items() if model._meta.app_label in ROOMS]


@pytest.mark.rule("C-16")
def test_every_page_opens_and_shows_no_secret(cast, root, client, nine):
    set_pin(contact_id=cast.ada.pk, pin=PIN, actor=SYSTEM, at=nine)
    set_answer(contact_id=cast.ada.pk, question="First pet?", answer="Biscuit", actor=SYSTEM, at=nine)
    try_to_verify(cast, ring(cast, nine), nine)
    for model, _page in of_ours():
        answers = [client.get(page(model, "changelist"))]
        if row := model._base_manager.first():
            answers.append(client.get(page(model, "change", row.pk)))
        assert [answer.status_code for answer in answers] == [200] * len(answers), model
        for answer in answers:
            text = answer.content.decode()
            assert (
                "argon2" not in text and "md5$" not in text and "pin_hash" not in text and 'name="password"' not in text
            )


@pytest.mark.rule("C-16")
def test_history_can_only_be_read(cast, root, client, nine):
    try_to_verify(cast, ring(cast, nine), nine)
    for name in ("entry", "anchor", "outboxmessage"):
        assert client.get(f"/admin/ledger/{name}/add/").status_code == 403
    entry = Entry.objects.last()
    assert client.post(page(Entry, "delete", entry.pk), {"post": "yes"}).status_code == 403
    assert client.post(page(Entry, "change", entry.pk), {"name": "x"}).status_code == 403
    assert client.get("/admin/accounts/verification/add/").status_code == 403


def test_a_change_is_a_fact_with_fields_and_without_values(cast, root, client):
    values = {"name": "Voice L1", "tier": "l1", "queue_order": 5, "function": "", "region": "", "languages": ""}
    assert client.post(page(Team, "add"), values).status_code == 302

    team, entry = Team.objects.get(name="Voice L1"), Entry.objects.get(name="configuration.added")
    assert (entry.chain, entry.actor_ref, entry.data["row"]) == (
        "configuration:accounts.team",
        str(root.uuid),
        str(team.uuid),
    )
    assert "name" in entry.data["fields"] and "Voice" not in str(entry.data)


def test_a_role_is_granted_by_its_command_and_a_refusal_is_said(cast, root, client):
    client.post(page(RoleGrant, "add"), {"user": cast.sam.pk, "role": "supervisor", "region": ""})
    assert Entry.objects.get(name="staff.role_granted").chain == f"staff:{cast.sam.uuid}"

    said = client.post(page(RoleGrant, "add"), {"user": root.pk, "role": "supervisor", "region": ""}, follow=True)
    assert "You cannot do this to yourself. Ask another administrator." in said.content.decode()
    assert not RoleGrant.objects.filter(user=root, role="supervisor").exists()


def test_an_added_number_is_on_the_record(cast, root, client):
    form = client.get(page(Contact, "change", cast.ada.pk)).context["adminform"].form
    values = {name: "" if value is None else value for name, value in form.initial.items()}
    phone = ContactPhone.objects.get(contact=cast.ada)
    values |= {
        "phones-TOTAL_FORMS": 2, "phones-INITIAL_FORMS": 1, "phones-0-id": phone.pk, "phones-0-contact": cast.ada.pk,
        "phones-0-number": phone.number, "phones-1-number": "+61355500188", "phones-1-contact": cast.ada.pk,
    }  # fmt: skip

    assert client.post(page(Contact, "change", cast.ada.pk), values).status_code == 302

    assert cast.ada.phones.filter(number="+61355500188").exists()
    assert "contactphone" in str([entry.data["fields"] for entry in Entry.objects.filter(name="configuration.changed")])


def test_only_administrators_reach_configuration(cast, client):
    for user in (cast.bo, cast.cy, cast.ada.user):
        client.force_login(User.objects.get(pk=user.pk), backend=BACKEND)
        assert client.get("/admin/accounts/user/").status_code in {302, 403, 404}


def test_no_page_shows_tokens_sessions_or_second_factors():
    shown = {model._meta.label for model in admin.site._registry}
    assert shown.isdisjoint({"mfa.Authenticator", "knox.AuthToken", "usersessions.UserSession", "auth.Group"})
