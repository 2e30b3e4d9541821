"""Search finds a ticket by all that was said on it, for those who may read that, and by nothing else."""

import pytest

from accounts.commands.erase import erase_person
from accounts.models import RoleGrant, User
from ledger.actor import Actor
from servicedesk.people_registry import ERASERS
from tickets import queries_search
from tickets.commands.note import add_note
from tickets.commands.note_undo import redact_note, retract_note
from tickets.models import Ticket, TicketWords
from tickets.queries_search import search_tickets


@pytest.fixture
def look(path):
    """Return a function: the numbers somebody finds, Bo unless said."""

    def find(typed: str, actor: Actor | None = None) -> list[str]:
        page = search_tickets(typed, actor or path.cast.bo_actor, path.now)
        return [found.ticket.number for found in page.rows]

    return find


@pytest.fixture
def say(path):
    """Return a function that writes a note of Bo's."""

    def write(ticket: Ticket, body: str, *, public: bool = False):
        return add_note(ticket_id=ticket.pk, body=body, public=public, actor=path.cast.bo_actor, at=path.tick())

    return write


def token_of(path, *scopes: str) -> Actor:
    return Actor(kind="integration", ref="t", name="t", organisation_ids=frozenset({path.cast.northgate.pk}),
                 scopes=frozenset({"tickets:read", *scopes}))  # fmt: skip


def test_words_of_title_and_notes_count_together_and_beginnings_are_enough(path, look, say):
    ticket, other = path.signed(), path.signed()
    say(ticket, "Optical power at ge-0/0/12 is low, see CHG-88120.")
    say(other, "Optical cable is fine.")

    assert look("line optic chg-88120") == look("OPTICAL power low") == look("ge-0/0/12") == [ticket.number]
    assert look("optical") == [other.number, ticket.number]
    assert look('"optic"') == look("optical walrus") == []


def test_internal_words_are_found_only_by_those_who_read_them(path, look, say):
    ticket = path.signed()
    say(ticket, "The walrus is ours alone.")
    say(ticket, "A zeppelin was seen by all.", public=True)

    assert look("walrus") == look("zeppelin", token_of(path)) == [ticket.number]
    assert look("walrus", token_of(path)) == []
    assert look("walrus", token_of(path, "notes:internal")) == [ticket.number]
    assert look("zeppelin", path.cast.ada_actor) == [ticket.number]
    assert look("zeppelin", path.cast.dee_actor) == look("walrus", path.cast.ada_actor) == []


def test_a_restricted_ticket_is_found_by_need_to_know(path, look):
    ticket = path.signed()
    Ticket.objects.filter(pk=ticket.pk).update(restricted=True, owner=None)

    assert look("line") == []
    Ticket.objects.filter(pk=ticket.pk).update(restricted=False)
    assert look("line") == [ticket.number]
    Ticket.objects.filter(pk=ticket.pk).update(restricted=True)
    Ticket.objects.get(pk=ticket.pk).need_to_know.add(User.objects.get(pk=path.cast.bo.pk))
    assert look("line") == [ticket.number]


def test_what_is_taken_back_or_blanked_is_not_found_any_more(path, look, say):
    ticket = path.signed()
    taken, blanked = say(ticket, "A periscope by mistake."), say(ticket, "The obsidian password.")
    say(ticket, "Something else.")

    retract_note(note_id=taken.pk, actor=path.cast.bo_actor, at=path.now)
    assert look("periscope") == [] and look("obsidian") == [ticket.number]
    RoleGrant.objects.create(user=path.cast.bo, role="administrator")
    redact_note(note_id=blanked.pk, reason="A password", second_person_id=path.cast.bo.pk, actor=path.cast.cy_actor,
                at=path.tick())  # fmt: skip
    assert look("obsidian") == [] and look("something") == [ticket.number]
    assert "obsidian" not in TicketWords.objects.get(ticket=ticket).words


def test_a_changed_title_is_found_by_its_new_words(path, look):
    ticket = path.signed()
    Ticket.objects.filter(pk=ticket.pk).update(title="Fax pages missing")

    assert look("fax") == [ticket.number] and look("line") == []


def test_chinese_words_are_found_inside_a_sentence(path, look, say):
    ticket = path.signed()
    say(ticket, "核心交换机端口误码增加，已通知现场工程师。")

    assert look("交换机") == look("误码") == look("师") == look("端口误码 line") == [ticket.number]
    assert look("误端") == []


def test_filters_narrow_and_leave_out(path, look):
    ticket, done = path.signed(), path.closed()

    assert look("is:open") == look("line is:open org:northgate") == look("-is:closed prio:P3") == [ticket.number]
    assert look("is:closed") == [done.number]
    assert look("owner:me state:l1 team:data service:epl-3011 received>-60d") == [ticket.number]
    assert look("owner:none") == look("due<-30d") == look("tag:vip") == []


def test_old_and_new_tickets_are_looked_at_slice_by_slice(path, look):
    old = path.signed()
    many = [Ticket.objects.create(number=f"SD-{n}", channel="call", title="Trombone line", received_at=path.now,
                                  state="intake") for n in (512345, 987654, 1250000)]  # fmt: skip

    assert look("line") == [one.number for one in reversed(many)] + [old.number]
    page = search_tickets("line", path.cast.bo_actor, path.now, limit=2)
    assert page.after == "SD-987654"
    rest = search_tickets("line", path.cast.bo_actor, path.now, after=page.after)
    assert [found.ticket.number for found in rest.rows] == ["SD-512345", old.number] and rest.after == ""


def test_a_rare_word_leads_where_a_common_one_would_be_read_everywhere(path, look, say):
    old = path.signed()
    say(old, "The zeppelin line is down.")
    Ticket.objects.create(number="SD-1250000", channel="call", title="Trombone line", received_at=path.now,
                          state="intake")  # fmt: skip

    assert look("line zeppel") == look('"zeppelin" line') == [old.number]
    assert look("line trombone zeppelin") == []


def test_a_search_that_stops_short_says_where_to_go_on(path, look, monkeypatch):
    monkeypatch.setattr(queries_search, "LOOKED", 2)
    monkeypatch.setattr(queries_search, "KEYS", 1)
    old = path.signed()
    for n in range(4):
        Ticket.objects.create(number=f"SD-00900{n}", channel="call", title="Trombone line", received_at=path.now,
                              state="intake")  # fmt: skip

    page = search_tickets("line state:l1", path.cast.bo_actor, path.now)
    assert page.rows == () and page.after == "SD-009002"
    rest = search_tickets("line state:l1", path.cast.bo_actor, path.now, after=page.after)
    while rest.after:
        rest = search_tickets("line state:l1", path.cast.bo_actor, path.now, after=rest.after)
    assert [found.ticket.number for found in rest.rows] == [old.number]


def test_what_was_found_is_marked_as_text_never_as_markup(path, say):
    ticket = path.signed()
    say(ticket, "See <b>helium</b> & co in the cabinet.")

    (found,) = search_tickets("helium", path.cast.bo_actor, path.now).rows
    assert found.where == "internal"
    assert [(piece.text, piece.hit) for piece in found.excerpt] == [
        ("See <b>", False), ("helium", True), ("</b> & co in the cabinet.", False),
    ]  # fmt: skip


@pytest.mark.rule("C-16")
def test_an_erased_person_cannot_be_found_by_name_in_any_text(path, look, say):
    ticket = path.signed()
    say(ticket, "Talked to Ada Lund about the splice.")
    RoleGrant.objects.create(user=path.cast.mo, role="administrator")
    assert look("lund") == look("splice") == [ticket.number]

    erase_person(contact_id=path.cast.ada.pk, reason="She asked", second_person_id=path.cast.cy.pk, erasers=ERASERS,
                 actor=path.cast.mo_actor, at=path.tick())  # fmt: skip

    assert look("lund") == look("splice") == []
    assert not [word for word in TicketWords.objects.get(ticket=ticket).words.split() if "lund" in word]
