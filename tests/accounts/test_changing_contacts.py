from dataclasses import replace

import pytest

from accounts.commands.contacts import ContactDetails, add_contact, change_contact, deactivate_contact, e164
from accounts.models import Contact
from ledger.errors import Refused
from ledger.models import Entry, EntryText
from tests.accounts.calls import call_back, ring, try_to_verify

EVE = ContactDetails(name="Eve Hart", email="eve@northgate.example", phones=["(03) 5550 0199", "+61 3 5550 0199"])


@pytest.mark.rule("V-02")
def test_a_contact_is_added_with_numbers_in_e164_and_authorities(cast, nine):
    details = replace(EVE, authorities=frozenset({"report", "approve"}))
    eve = add_contact(organisation_id=cast.northgate.pk, details=details, actor=cast.cy_actor, at=nine)

    assert list(eve.phones.values_list("number", flat=True)) == ["+61355500199"]
    assert eve.authorities == {"report", "approve"}
    entry = Entry.objects.get(name="contact.added")
    assert entry.chain == f"organisation:{cast.northgate.uuid}"
    assert {key: entry.data[key] for key in ("contact", "authorities")} == {
        "contact": str(eve.uuid),
        "authorities": ["approve", "report"],
    }
    assert set(EntryText.objects.values_list("kind", "body")) == {
        ("name", "Eve Hart"),
        ("email", "eve@northgate.example"),
        ("phones", "+61355500199"),
    }


def test_a_change_replaces_numbers_and_authorities_and_remembers_the_old_ones(cast, nine):
    details = ContactDetails(name="Ada Lund-Berg", phones=["+61355500142", "+61355500188"])
    change_contact(contact_id=cast.ada.pk, details=details, actor=cast.cy_actor, at=nine)

    ada = Contact.objects.get(pk=cast.ada.pk)
    assert (ada.name, ada.authorities) == ("Ada Lund-Berg", {"report"})
    assert set(ada.phones.values_list("number", flat=True)) == {"+61355500142", "+61355500188"}
    entry = Entry.objects.get(name="contact.changed")
    assert entry.data["authorities_before"] == ["approve", "change", "escalate", "report"]
    assert "Lund" not in str(entry.data)


@pytest.mark.rule("V-04")
def test_an_agent_cannot_add_a_number_to_call_back_to(cast, nine):
    with pytest.raises(Refused, match="not_allowed"):
        change_contact(contact_id=cast.ada.pk, details=EVE, actor=cast.bo_actor, at=nine)
    with pytest.raises(Refused, match="not_allowed"):
        add_contact(organisation_id=cast.northgate.pk, details=EVE, actor=cast.ada_actor, at=nine)
    assert not Entry.objects.exists() and cast.ada.phones.count() == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": " "}, "no_name"),
        ({"email": "eve@"}, "bad_email"),
        ({"phones": ["12"]}, "bad_number"),
        ({"phones": ["call me"]}, "bad_number"),
        ({"authorities": frozenset({"rule"})}, "unknown_authority"),
    ],
)
def test_bad_details_are_refused_and_nothing_is_written(cast, nine, change, code):
    details = replace(EVE, **change)
    with pytest.raises(Refused) as refusal:
        add_contact(organisation_id=cast.northgate.pk, details=details, actor=cast.cy_actor, at=nine)
    assert refusal.value.code == code
    assert not Contact.objects.filter(email=details.email).exists() and not Entry.objects.exists()


def test_a_contact_of_another_region_is_unknown(cast, nine):
    elsewhere = replace(cast.cy_actor, regions=frozenset({"eu"}))
    with pytest.raises(Refused, match="unknown_contact"):
        change_contact(contact_id=cast.ada.pk, details=EVE, actor=elsewhere, at=nine)
    with pytest.raises(Refused, match="unknown_organisation"):
        add_contact(organisation_id=cast.northgate.pk, details=EVE, actor=elsewhere, at=nine)


@pytest.mark.rule("V-02")
def test_a_deactivated_contact_passes_no_proof_and_cannot_sign_in(cast, nine):
    from accounts.verification import Proof

    deactivate_contact(contact_id=cast.ada.pk, actor=cast.cy_actor, at=nine)

    call, out = ring(cast, nine), call_back(cast, nine)
    proof = Proof(method="callback", outbound_interaction_id=out.pk)
    assert try_to_verify(cast, call, out.answered_at, proof).outcome == "failed"
    cast.ada.user.refresh_from_db()
    assert cast.ada.user.is_active is False


def test_national_numbers_are_read_in_the_region_of_the_customer():
    assert (e164("020 7946 0018", "uk"), e164("030 123456", "eu")) == ("+442079460018", "+4930123456")
    with pytest.raises(Refused, match="bad_number"):
        e164("020 7946 0018")
