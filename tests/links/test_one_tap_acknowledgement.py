import pytest

from channels.page_words import draft_of
from escalation.board_ack import VALID, ack_token
from escalation.commands.fire import fire_all
from escalation.models import Ack, Clock, Firing, Notification
from escalation.seed import seed_policies
from ledger import clock
from ledger.models import Entry
from tests.factories.clocks import MINUTE, dispatched_ticket, put


@pytest.fixture
def page(cast, nine) -> Notification:
    """The mail that tells Cy, supervisor, that a ticket is not signed for; the desk's clock shows six past nine."""
    seed_policies(at=nine)
    dispatched_ticket(cast, nine)
    fire_all(nine + 5 * MINUTE)
    clock.set_demo(demo_now=nine + 6 * MINUTE)
    return Notification.objects.get(firing__rule_code="T-1", user=cast.cy, channel="email")


def test_opening_the_link_changes_nothing_and_tells_only_number_priority_and_due(client, page, nine):
    address = f"/a/{ack_token(page, nine + 5 * MINUTE)}/"

    answer = client.get(address)

    text = answer.content.decode()
    assert answer.status_code == 200 and page.ticket.number in text and page.ticket.title not in text
    assert page.ticket.organisation.name not in text and page.user.name not in text
    assert "no-store" in answer.headers["Cache-Control"] and answer.headers["Referrer-Policy"] == "no-referrer"
    assert client.head(address).status_code == 200 and not Ack.objects.exists()


def test_one_tap_acknowledges_once_and_stops_no_clock(client, page, nine):
    address = f"/a/{ack_token(page, nine + 5 * MINUTE)}/"
    running = Clock.objects.filter(state="running").count()

    first = client.post(address, REMOTE_ADDR="203.0.113.9", headers={"user-agent": "Phone"})
    again = client.post(address)

    assert (first.status_code, again.status_code) == (200, 410)
    ack = Ack.objects.get()
    assert (ack.user, ack.kind, ack.firing.rule_code) == (page.user, "link", "T-1")
    entry = Entry.objects.get(name="timer.acknowledged")
    assert (entry.actor_kind, entry.actor_ref) == ("link", str(page.user.uuid)) and "203.0.113.9" not in str(entry.data)
    assert Clock.objects.filter(state="running").count() == running


def test_expired_spoilt_foreign_and_needless_links_answer_in_one_shape(client, page, nine, cast):
    good, old = ack_token(page, nine + 5 * MINUTE), ack_token(page, nine - VALID)
    spoilt = ("A" if good[0] != "A" else "B") + good[1:]
    other = ack_token(Notification(uuid=page.ticket.uuid), nine + 5 * MINUTE)
    shapes = {(client.post(f"/a/{token}/").status_code, client.get(f"/a/{token}/").templates[0].name)
              for token in (old, spoilt, other, "x" * 51, "x" * 300)}  # fmt: skip
    assert shapes == {(410, "links/gone.html")} and not Ack.objects.exists()

    Clock.objects.update(state="stopped", running_since=None)
    assert client.post(f"/a/{good}/").status_code == 410 and not Ack.objects.exists()


def test_the_letter_carries_the_link_and_a_restricted_one_does_not_say_more(client, page):
    draft = draft_of(page, [])
    assert "/a/" in draft.context["ack_url"] and "/desk/tickets/" in draft.context["action_url"]
    put(page.ticket, restricted=True)
    assert (
        page.ticket.title
        not in client.get(draft.context["ack_url"].partition("://")[2].partition("/")[2]).content.decode()
    )


def test_over_rest_who_was_told_acknowledges_and_a_token_does_not(client, page, cast):
    address = f"/api/v1/firings/{Firing.objects.get(rule_code='T-1').uuid}/acknowledge/"
    backend = "allauth.account.auth_backends.AuthenticationBackend"

    client.force_login(cast.sam, backend=backend)
    assert client.post(address, content_type="application/json").status_code in {404, 422}
    client.force_login(cast.cy, backend=backend)
    answers = [client.post(address, content_type="application/json", headers={"Idempotency-Key": "k"})
               for _n in range(2)]  # fmt: skip
    assert [a.status_code for a in answers] == [200, 200] and answers[0].json() == answers[1].json()
    assert answers[0].json()["person"]["name"] == cast.cy.name
    assert client.post(address, content_type="application/json").json()["code"] == "already_acknowledged"
