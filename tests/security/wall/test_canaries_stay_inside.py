"""What A wrote appears in no answer, list, search, export or mail of B."""

from datetime import timedelta

import pytest

from accounts.actors import actor_for
from accounts.models import Organisation, User
from channels import letters
from ledger import clock
from ledger.models import Entry, OutboxMessage
from servicedesk.api.event_scope import may_hear
from servicedesk.wiring import hint
from tests.channels.conftest import sent
from tests.security.wall.world import CANARY, ours
from tests.short import some
from tickets.commands.note import add_note
from tickets.models import Ticket

__all__ = ["sent"]

pytestmark = pytest.mark.django_db
PLAIN = [route for route in ours() if not route.parameters and route.pattern != "/"]
ASKED = ("", f"?q={CANARY}", "?view=all", "?view=closed", "?view=restricted", "?limit=200", f"?find={CANARY}",
         "?organisation={organisation}", "?ticket={number}", "?service={service}&site={site}",
         "?part=1", "?due=all")  # fmt: skip
MARKS = (CANARY, "KANARIE", "ACC-A-", "Acceptance Alpha", "a.all@acceptance.example")


def read(answer) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode("utf-8", "replace")


@pytest.mark.parametrize("route", PLAIN, ids=lambda route: route.pattern)
def test_no_page_list_search_or_export_of_an_outsider_holds_a_word_of_a(route, world):
    number = world.ids["number"]
    for name in world.outside:
        for query in (*ASKED[:2], *some(ASKED[2:], f"{name} {route.pattern}", 3)):
            path = route.pattern + query.format(**world.ids)
            for headers in some(({}, {"HX-Request": "true"}), f"{name} {path}", 1):
                answer = world.clients[name].get(path, headers=headers)
                text = read(answer)
                typed = path.partition("?")[2]
                found = [mark for mark in (*MARKS, number) if mark in text and mark not in typed]
                assert answer.status_code < 500 and found == [], (name, path)


def test_the_same_lists_do_hold_them_for_those_inside(world):
    told = {
        "agent": ["/desk/?view=all", "/desk/export.csv?view=all", f"/desk/search/?q={world.ids['number']}",
                  "/desk/customers/", "/api/v1/tickets/?limit=200", "/api/v1/notes/?limit=200",
                  "/api/v1/interactions/?limit=200"],
        "customer of A": ["/portal/", "/portal/export.csv", "/portal/contacts/", "/portal/raise/"],
        "token of A": ["/api/v1/tickets/", "/api/v1/work-items/", "/api/v1/contacts/", "/api/v1/sites/"],
        "supervisor": ["/supervisor/", "/supervisor/wall/"],
    }  # fmt: skip
    for name, paths in told.items():
        for path in paths:
            text = read(world.clients[name].get(path, follow=True))
            assert CANARY in text or world.ids["number"] in text, (name, path)


def test_customers_of_a_never_read_internal_words(world):
    client, number = world.clients["customer of A"], world.ids["number"]
    pages = ["/portal/", f"/portal/tickets/{number}/", "/portal/export.csv", f"/portal/?q={CANARY}"]
    pages += [f"/portal/tickets/{number}/?part={part}" for part in ("now", "asks", "notes", "plan")]
    for page in pages:
        for headers in ({}, {"HX-Request": "true"}):
            text = read(client.get(page, headers=headers))
            assert f"{CANARY} internal" not in text and f"{CANARY}-inner" not in text, page
    assert f"{CANARY} public" in read(client.get(pages[1]))


def test_no_mail_or_page_about_a_reaches_people_of_b(world, sent):
    for number in (world.ids["number"], world.own_number):
        ticket = Ticket.objects.get(number=number)
        add_note(ticket_id=ticket.pk, body=f"{number} news", public=True, actor=actor_of("agent"), at=clock.now())
    OutboxMessage.objects.filter(state="pending").update(due_at=clock.real_now() - timedelta(minutes=1))
    letters.send_outbox(limit=500)
    to = {side: [m for m in sent.letters if m.to.address.startswith(f"{side}.")] for side in "ab"}
    assert to["a"] and to["b"]
    for mail in to["b"]:
        assert not any(mark in mail.text + mail.html + mail.subject for mark in MARKS), mail.subject
    assert any(mark in mail.text for mark in MARKS for mail in to["a"])


def test_no_hint_about_a_is_heard_outside(world):
    ticket = Ticket.objects.get(number=world.ids["number"])
    regions = dict(Organisation.objects.values_list("pk", "region"))
    outside = [actor_for(User.objects.get(email=mail)) for mail in world.addresses]
    agent, customer = actor_of("agent"), actor_for(User.objects.get(email="a.all@acceptance.example"))
    heard = set()
    for entry in Entry.objects.filter(chain=ticket.chain):
        told = hint(entry, ticket)
        assert [may_hear(actor, told, regions) for actor in outside] == [False] * len(outside), entry.name
        heard |= {(actor.kind, may_hear(actor, told, regions)) for actor in (agent, customer)}
    assert heard >= {("staff", True), ("contact", True), ("contact", False)}


def actor_of(box: str):
    return actor_for(User.objects.get(email=f"{box}@acceptance.example"))
