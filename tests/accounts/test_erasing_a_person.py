import pytest

from accounts.commands.erase import NOBODY, erase_person
from accounts.models import Contact, RoleGrant, User
from accounts.queries import find_callers
from accounts.verification import set_answer, set_pin
from ledger.actor import SYSTEM
from ledger.errors import Refused
from ledger.models import Entry, EntryText, OutboxMessage
from ledger.record import record
from ledger.verify import verify
from servicedesk.people_registry import ERASERS
from tests.accounts.calls import PIN, ring

WORDS = ("Ada Lund", "ada@northgate.example", "+61355500142")


@pytest.fixture
def admin(cast):
    RoleGrant.objects.create(user=cast.mo, role="administrator")
    return cast.mo_actor


@pytest.fixture
def traces(cast, nine):
    set_pin(contact_id=cast.ada.pk, pin=PIN, actor=SYSTEM, at=nine)
    set_answer(contact_id=cast.ada.pk, question="First pet?", answer="Biscuit", actor=SYSTEM, at=nine)
    ring(cast, nine, contact=cast.ada, caller_number="+61355500142")
    OutboxMessage.objects.create(topic="mail.account", payload={"to": WORDS[1]}, state="sent", due_at=nine)
    for said in (*WORDS, "about ADA LUND and her line", "Nothing personal"):
        record("thing.happened", chain="ticket:SD-000001", actor=SYSTEM, at=nine, texts={"note": said})


def erase(cast, actor, at, **fields):
    wanted = {"contact_id": cast.ada.pk, "reason": "She asked", "second_person_id": cast.cy.pk, "erasers": ERASERS}
    return erase_person(**(wanted | fields), actor=actor, at=at)


@pytest.mark.rule("C-16")
def test_an_erased_person_is_gone_from_rows_and_texts_and_the_chain_still_verifies(cast, admin, traces, nine):
    erase(cast, admin, nine)

    ada = Contact.objects.get(pk=cast.ada.pk)
    assert (ada.name, ada.email, ada.active, ada.pin_hash, ada.user, ada.erased_at) == (
        NOBODY,
        "",
        False,
        "",
        None,
        nine,
    )
    assert not ada.phones.exists() and not ada.questions.exists()
    kept = EntryText.objects.filter(redacted_at=None).values_list("body", flat=True)
    assert set(kept) == {"Nothing personal", "She asked"}
    assert verify(at=nine).holds
    assert (
        find_callers("Ada Lund", cast.bo_actor) == [] and OutboxMessage.objects.get(topic="mail.account").payload == {}
    )
    assert not User.objects.filter(email=WORDS[1]).exists()


def test_no_trace_of_the_person_is_left_in_any_table(cast, admin, traces, nine):
    from django.apps import apps

    erase(cast, admin, nine)

    rows = [str(row) for model in apps.get_models() for row in model._base_manager.values()]
    assert [row for row in rows for word in WORDS if word.lower() in row.lower()] == []


def test_the_entry_names_both_people_and_what_was_blanked(cast, admin, traces, nine):
    erase(cast, admin, nine)

    entry = Entry.objects.get(name="person.erased")
    assert (entry.actor_ref, entry.data["second_person"]) == (str(cast.mo.uuid), str(cast.cy.uuid))
    assert set(entry.data["redacted"]) == {str(t.pk) for t in EntryText.objects.exclude(redacted_at=None)}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"reason": " "}, "reason_needed"),
        ({"second_person_id": 0}, "second_person"),
        ({"second_person_id": "self"}, "second_person"),
        ({"second_person_id": "agent"}, "second_person"),
        ({"contact_id": 0}, "unknown_contact"),
    ],
)
def test_it_needs_a_reason_and_a_second_person_and_else_changes_nothing(cast, admin, traces, nine, wrong, code):
    people = {"self": cast.mo.pk, "agent": cast.bo.pk}
    wrong = {key: people.get(value, value) for key, value in wrong.items()}
    before = Entry.objects.count()

    with pytest.raises(Refused) as refusal:
        erase(cast, admin, nine, **wrong)

    assert refusal.value.code == code and Entry.objects.count() == before
    assert Contact.objects.get(pk=cast.ada.pk).name == "Ada Lund"


def test_an_agent_may_not_erase_and_nobody_twice(cast, admin, nine):
    with pytest.raises(Refused, match="not_allowed"):
        erase(cast, cast.bo_actor, nine)
    erase(cast, admin, nine)
    with pytest.raises(Refused, match="unknown_contact"):
        erase(cast, admin, nine)
