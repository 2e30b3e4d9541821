"""The page of a search: what was found is marked and escaped, what nobody can mean is said, pages go on."""

import pytest
from django.urls import reverse

from accounts.models import Contact
from tickets.commands.note import add_note
from tickets.models import Ticket

SEARCH, PALETTE = reverse("desk:search"), reverse("desk:palette")


@pytest.fixture
def noted(path, now):
    ticket = path.to("l1")
    add_note(ticket_id=ticket.pk, body="See <script>alert(1)</script> helium leak", public=False,
             actor=path.cast.bo_actor, at=path.tick())  # fmt: skip
    now()
    return ticket


def test_a_note_is_found_with_its_words_marked_and_nothing_runs(bo, noted):
    page = bo.get(SEARCH, {"q": "helium"}).content.decode()

    assert noted.number in page and "<mark>helium</mark>" in page and "Internal note" in page
    assert "<script>alert(1)" not in page and "&lt;script&gt;alert(1)" in page


def test_a_number_goes_straight_there_and_a_name_finds_people(bo, noted):
    assert bo.get(SEARCH, {"q": str(int(noted.number[3:]))}).headers["Location"].endswith(f"/{noted.number}/")
    page = bo.get(SEARCH, {"q": "northgate"}).content.decode()
    assert "Northgate Health Alliance" in page and "A-100001" in page


def test_an_unknown_filter_is_explained_beside_the_field_and_the_words_stay(bo, noted):
    page = bo.get(SEARCH, {"q": "colour:red helium"}).content.decode()

    assert "There is no filter “colour:”" in page and 'value="colour:red helium"' in page
    assert "find-why" in page and noted.number not in page


def test_older_tickets_are_a_page_further(bo, path, now):
    for n in range(27):
        Ticket.objects.create(number=f"SD-{700000 + n}", channel="call", title="Trombone", received_at=path.now,
                              state="intake")  # fmt: skip
    now()
    first = bo.get(SEARCH, {"q": "trombone"}).content.decode()
    assert "SD-700026" in first and "SD-700001" not in first and "after=SD-700002" in first
    assert "SD-700001" in bo.get(SEARCH, {"q": "trombone", "after": "SD-700002"}).content.decode()


def test_the_palette_offers_what_is_allowed_here_and_where_one_may_go(bo, path, now):
    ticket = path.to("l1")
    now()

    here = bo.get(PALETTE, {"on": ticket.number}).content.decode()

    assert f"On {ticket.number}" in here and f"/desk/tickets/{ticket.number}/assign/" in here
    assert f"/desk/tickets/{ticket.number}/close/" not in here and reverse("desk:my-day") in here
    ended = path.to("closed")
    now()
    assert f"/desk/tickets/{ended.number}/assign/" not in bo.get(PALETTE, {"on": ended.number}).content.decode()


@pytest.mark.parametrize(
    ("typed", "there", "absent"),
    [
        ("helium", "tickets/SD-", "customers/"),
        ("northg", "Northgate Health Alliance", "mailto:"),
        ("@bo r", "owner%3A%22Bo+Raman%22", "tickets/SD-"),
        ("#helium", "tickets/SD-", "customers/"),
        (">assign", "", "tickets/SD-"),
        ("colour:red", "search/?q=colour", "tickets/SD-"),
    ],
)
def test_the_palette_finds_tickets_customers_and_people(bo, noted, typed, there, absent):
    found = bo.get(PALETTE, {"q": typed}).content.decode()

    assert there in found and absent not in found


def test_search_and_palette_ask_little(bo, noted, django_assert_max_num_queries):
    Contact.objects.update(name="Helium Lund")
    for address in (f"{SEARCH}?q=helium", f"{SEARCH}?q=line+is:open", f"{PALETTE}?q=helium",
                    f"{PALETTE}?on={noted.number}"):  # fmt: skip
        bo.get(address)
        with django_assert_max_num_queries(15):
            assert bo.get(address).status_code == 200
