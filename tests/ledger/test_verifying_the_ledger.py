from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import InternalError, ProgrammingError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.actor import SYSTEM
from ledger.anchor import newest_file, read_anchor, write_anchor
from ledger.models import Anchor, Entry, EntryText, OutboxMessage
from ledger.record import record
from ledger.redact import redact_text
from ledger.verify import verify
from tests.ledger.tampering import past_the_triggers, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _anchors(settings, tmp_path):
    settings.ANCHOR_DIR = tmp_path


def broken(at, **fields):
    return [str(finding) for finding in verify(at=at, **fields).broken]


@pytest.mark.rule("C-16")
def test_an_untouched_ledger_holds(nine):
    write(nine, note="Ada called"), write(nine, chain="ticket:SD-000002", count=2)

    report = verify(at=nine)

    assert (report.holds, report.chains, report.entries, report.texts) == (True, 2, 7, 5)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("name", "'thing.happeneD'"),
        ("at", "at + interval '1 microsecond'"),
        ("actor_ref", "'bo'"),
        ("actor_kind", "'staff'"),
        ("data", "jsonb_set(data, '{n}', '7')"),
        ("hash", "overlay(hash placing 'x' from 9 for 1)"),
    ],
)
def test_one_flipped_byte_is_found(nine, column, value):
    entry = write(nine)[2]
    past_the_triggers(f"UPDATE ledger_entry SET {column} = {value} WHERE id = %s", entry.pk)

    assert broken(nine)[0] == "ticket:SD-000001#3: its content was changed after it was written"


def test_one_deleted_row_is_found(nine):
    entry = write(nine)[2]
    past_the_triggers("DELETE FROM ledger_entry WHERE id = %s", entry.pk)

    assert broken(nine) == ["ticket:SD-000001#4: entries 3 to 3 are missing"]


def test_a_cut_tail_and_a_deleted_chain_are_found_with_the_anchor_only(nine):
    write(nine), write(nine, chain="ticket:SD-000002")
    write_anchor(at=nine)
    past_the_triggers("DELETE FROM ledger_entry WHERE chain = 'ticket:SD-000001' AND seq > 3")
    past_the_triggers("DELETE FROM ledger_entry WHERE chain = 'ticket:SD-000002'")

    assert broken(nine) == []
    assert broken(nine, anchor=read_anchor(newest_file())) == [
        "ticket:SD-000001#5: the anchor knows this entry, and it is gone",
        "ticket:SD-000002#5: the anchor knows this entry, and it is gone",
    ]


def test_a_chain_written_anew_is_found_with_the_anchor(nine):
    write(nine)
    write_anchor(at=nine)
    past_the_triggers("DELETE FROM ledger_entry")
    write(nine, note="another history")

    assert broken(nine, anchor=read_anchor(newest_file())) == [
        "ticket:SD-000001#5: the anchor holds another hash for it"
    ]


def test_an_anchor_still_holds_after_more_was_written(nine):
    write(nine)
    row = write_anchor(at=nine)
    write(nine)

    assert verify(at=nine, anchor=read_anchor(newest_file())).holds
    assert (row.chains, row.entries, write_anchor(at=nine).pk) == (1, 5, row.pk)
    mail = OutboxMessage.objects.get(topic="mail.anchor")
    assert (mail.payload["hash"], mail.payload["entries"]) == (row.hash, 5)
    with pytest.raises((InternalError, ProgrammingError), match="append-only"), transaction.atomic():
        Anchor.objects.all().delete()


def test_a_changed_or_missing_text_is_found(nine):
    first, second = write(nine, count=2, note="Ada called")
    texts = [entry.data["texts"]["note"]["id"] for entry in (first, second)]
    past_the_triggers("UPDATE ledger_entrytext SET body = 'Bo called' WHERE id = %s", texts[0])
    past_the_triggers("DELETE FROM ledger_entrytext WHERE id = %s", texts[1])

    assert broken(nine) == [
        f"ticket:SD-000001#1: text {texts[0]} was changed",
        f"ticket:SD-000001#2: text {texts[1]} is missing",
    ]


def test_a_redaction_holds_if_recorded_and_shows_if_not(nine):
    first, second = write(nine, count=2, note="Ada called")
    texts = [entry.data["texts"]["note"]["id"] for entry in (first, second)]
    redact_text(text_id=texts[0], reason="asked for", second_person="cy", actor=SYSTEM, at=nine)
    assert verify(at=nine).holds and EntryText.objects.get(pk=texts[0]).body == ""

    EntryText.objects.filter(pk=texts[1]).update(body="", salt="", redacted_at=nine)
    assert broken(nine) == [f"ticket:SD-000001#2: text {texts[1]} was blanked without a recorded redaction"]


def test_the_command_names_the_first_broken_entry_and_fails(nine):
    entry = write(nine)[2]
    out = StringIO()
    call_command("verify_ledger", stdout=out)
    assert out.getvalue() == "The ledger holds: 5 entries in 1 chains and 0 texts.\n"
    past_the_triggers("UPDATE ledger_entry SET name = 'x' WHERE id = %s", entry.pk)

    with pytest.raises(SystemExit) as stop:
        call_command("verify_ledger", chain="ticket:SD-000001", stderr=out)
    assert stop.value.code == 1 and "First: ticket:SD-000001#3: its content was changed" in out.getvalue()
    with pytest.raises(CommandError, match="no anchor file"):
        call_command("verify_ledger", anchor="")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    facts=st.lists(
        st.tuples(
            st.sampled_from(["ticket:SD-000001", "staff:x", "interaction:y"]),
            st.dictionaries(st.text(max_size=5), st.integers() | st.text() | st.none() | st.booleans(), max_size=3),
            st.text(max_size=20),
        ),
        max_size=8,
    )
)
def test_any_sequence_of_facts_verifies(nine, facts):
    with transaction.atomic():
        before = Entry.objects.count()
        for chain, data, text in facts:
            clean = {f"k{n}": value for n, value in enumerate(v for v in data.values() if "\x00" not in str(v))}
            texts = {"note": text.replace("\x00", "")}
            record("thing.happened", chain=chain, actor=SYSTEM, at=nine, texts=texts, **clean)

        report = verify(at=nine)

        assert report.holds and report.entries == before + len(facts)
        transaction.set_rollback(True)
    assert connection.in_atomic_block
