"""Who is locked out of verifying, why and until when; a supervisor lets an agent on again and says why."""

from dataclasses import replace
from datetime import timedelta

import pytest

from accounts.models import Organisation, RoleGrant
from accounts.queries_locks import releases, running_locks
from accounts.verification import Proof, locked_until, set_pin
from ledger.actor import SYSTEM
from ledger.models import Entry
from tests.accounts.calls import PIN, ring, try_to_verify

MINUTE = timedelta(minutes=1)
WRONG = Proof(method="pin", value="000111")
PAGE = "/supervisor/locks/"


@pytest.fixture
def sam(cast, signed_in):
    """A browser of Sam, a supervisor."""
    RoleGrant.objects.get_or_create(user=cast.sam, role="supervisor")
    return signed_in(cast.sam)


@pytest.fixture
def locked(cast, nine, desk_time):
    """Bo is locked after five wrong PINs, Al of Northgate after three of them; it is a minute later."""
    for contact in (cast.ada, cast.al):
        set_pin(contact_id=contact.pk, pin=PIN, actor=SYSTEM, at=nine)
    call = ring(cast, nine)
    for contact in [cast.ada] * 2 + [cast.al] * 3:
        try_to_verify(cast, call, nine, WRONG, contact_id=contact.pk)
    desk_time(nine + MINUTE)


def release(client, user, **data):
    return client.post(f"{PAGE}{user.uuid}/release/", data)


@pytest.mark.rule("V-04")
def test_the_page_says_who_is_locked_why_and_until_when(cast, locked, sam):
    page = sam.get(PAGE).content.decode()

    assert "2 locks run" in page and "Bo Raman" in page and cast.al.name in page
    assert page.count("wrong proof: PIN") == 5 + 3
    assert page.count(">Release<") == page.count("/release/") == 1


@pytest.mark.rule("V-04")
def test_a_released_agent_leaves_the_page_and_who_why_and_when_stand_in_its_record(cast, locked, sam, nine):
    answer = release(sam, cast.bo, reason="Training call, the line was bad")

    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    assert locked_until(cast.bo, nine + MINUTE) is None
    assert Entry.objects.get(name="verification.agent_released").actor_ref == str(cast.sam.uuid)
    page = sam.get(PAGE).content.decode()
    assert "1 lock runs" in page and "Training call, the line was bad" in page
    row = page[page.index("Released early") :]
    assert "Bo Raman" in row and cast.sam.name in row


def test_a_release_without_a_reason_keeps_the_lock_and_says_so(cast, locked, sam, nine):
    answer = release(sam, cast.bo, reason="  ")

    assert answer.status_code == 422 and b"Say why the agent may verify again." in answer.content
    assert locked_until(cast.bo, nine + MINUTE) is not None


def test_a_lock_that_ended_meanwhile_is_told_and_not_released(cast, locked, sam, desk_time, nine):
    desk_time(nine + 16 * MINUTE)
    answer = release(sam, cast.bo, reason="Bad line")

    assert answer.status_code == 422
    assert b"This agent is not locked." in answer.content and b"Nobody is locked" in answer.content
    assert not Entry.objects.filter(name="verification.agent_released").exists()


def test_nobody_releases_themselves(cast, locked, signed_in, nine):
    RoleGrant.objects.create(user=cast.bo, role="supervisor")
    bo = signed_in(cast.bo)

    assert b"You cannot release yourself" in bo.get(PAGE).content
    assert release(bo, cast.bo, reason="It was me").status_code == 422
    assert locked_until(cast.bo, nine + MINUTE) is not None


def test_who_is_no_supervisor_finds_no_such_page_and_releases_nobody(cast, locked, signed_in, nine):
    for user in (cast.mo, cast.ada.user):
        client = signed_in(user)
        assert client.get(PAGE).status_code == 404
        assert release(client, cast.bo, reason="x").status_code == 404
    RoleGrant.objects.create(user=cast.mo, role="security_lead")
    lead = signed_in(cast.mo)
    assert b"Bo Raman" in lead.get(PAGE).content and b"/release/" not in lead.get(PAGE).content
    assert release(lead, cast.bo, reason="x").status_code == 404
    assert locked_until(cast.bo, nine + MINUTE) is not None


def test_a_contact_or_an_unknown_person_cannot_be_released(cast, locked, sam):
    assert release(sam, cast.al.user, reason="x").status_code == 404
    assert release(sam, cast.al, reason="x").status_code == 404


def test_a_customer_the_reader_may_not_learn_of_is_not_named(cast, locked, nine):
    Organisation.objects.filter(pk=cast.northgate.pk).update(region="eu")
    far = replace(cast.sam_actor, regions=frozenset({"au"}), company_wide=False, roles=frozenset({"supervisor"}))

    (only,) = running_locks(far, nine + MINUTE)
    assert only.agent == cast.bo and only.contact is None
    assert [f.contact for f in only.failures] == [None] * 5
    assert running_locks(cast.ada_actor, nine + MINUTE) == releases(cast.ada_actor) == []
