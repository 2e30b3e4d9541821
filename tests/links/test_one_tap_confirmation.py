import pytest
from django.test import Client

from accounts.models import AccountTeamMember
from escalation.commands.fire import fire_all
from escalation.models import ConfirmLink, Duty, Notification
from escalation.seed import seed_policies
from ledger import clock
from tests.factories.clocks import MINUTE, put
from tests.factories.formal import duty, escalate, link, verified_ticket


@pytest.fixture
def row(cast, nine):
    """The account manager's duty, called at nine, with the link "tok-1"; the desk's clock shows two past nine."""
    seed_policies(at=nine)
    clock.set_demo(demo_now=nine + 2 * MINUTE)
    ticket = verified_ticket(cast, nine, title="Inbound calls fail")
    made = escalate(ticket, nine, cast.bo_actor)
    fire_all(nine)
    found = duty(made, "account_manager")
    link(found, nine)
    return found


def secrets_of(row):
    ticket = row.escalation.ticket
    return [ticket.title, ticket.organisation.name, row.person.name, row.escalation.reason]


@pytest.mark.rule("X-04")
def test_opening_the_link_changes_nothing_and_tells_only_number_priority_and_due(client, row):
    answers = [client.get("/c/tok-1/"), client.head("/c/tok-1/")]

    page = answers[0].content.decode()
    assert row.escalation.ticket.number in page and "P1" in page
    assert [word for word in secrets_of(row) if word in page] == []
    assert ConfirmLink.objects.get().used_at is None
    assert Duty.objects.get(pk=row.pk).confirmed_at is None
    for answer in answers:
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer.headers["X-Robots-Tag"]


@pytest.mark.rule("X-04")
def test_one_tap_confirms_and_only_then_tells_what_it_is_about(client, row):
    answer = client.post("/c/tok-1/", {"act": "confirm"}, REMOTE_ADDR="203.0.113.9", headers={"user-agent": "Phone"})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert [word for word in secrets_of(row) if word not in page] == []
    assert Duty.objects.get(pk=row.pk).confirmed_by == row.person
    kept = ConfirmLink.objects.get()
    assert (kept.used_ip, kept.used_agent) == ("203.0.113.9", "Phone")


@pytest.mark.rule("X-04")
def test_a_restricted_ticket_stays_unnamed_after_the_tap(client, row):
    put(row.escalation.ticket, restricted=True)

    page = client.post("/c/tok-1/", {"act": "confirm"}).content.decode()

    assert [word for word in secrets_of(row)[:2] if word in page] == []


@pytest.mark.rule("X-04")
def test_used_expired_closed_and_unknown_links_answer_in_one_shape(client, row, nine):
    client.post("/c/tok-1/", {"act": "confirm"})
    link(duty(row.escalation, "director_support"), nine - 90 * MINUTE, token="old")
    shapes = set()
    for token in ("tok-1", "old", "nonsense", "x" * 300):
        for method in ("get", "post"):
            answer = getattr(client, method)(f"/c/{token}/")
            shapes.add((answer.status_code, answer.templates[0].name))
    assert shapes == {(410, "links/gone.html")}
    assert Duty.objects.filter(confirmed_at__isnull=False).count() == 1


@pytest.mark.rule("X-04")
def test_the_form_needs_its_token_and_no_origin_is_held_against_a_page_without_referrer(row):
    strict = Client(enforce_csrf_checks=True)

    bare = strict.post("/c/tok-1/", {"act": "confirm"}, headers={"origin": "null"})
    token = strict.get("/c/tok-1/").context["csrf_token"]
    sent = {"act": "confirm", "csrfmiddlewaretoken": str(token)}
    foreign = strict.post("/c/tok-1/", sent, headers={"origin": "https://elsewhere.example"})
    own = strict.post("/c/tok-1/", sent, headers={"origin": "null"})

    assert [bare.status_code, foreign.status_code, own.status_code] == [403, 403, 200]


@pytest.mark.rule("X-04")
def test_hand_to_deputy_writes_to_the_deputy_and_leaves_the_duty_open(cast, client, row):
    without = client.post("/c/tok-1/", {"act": "deputy"})
    AccountTeamMember.objects.filter(role="account_manager").update(deputy=cast.sam)
    handed = client.post("/c/tok-1/", {"act": "deputy"})

    assert (without.status_code, handed.status_code) == (422, 200)
    assert "Sam Okafor" in handed.content.decode()
    assert Notification.objects.filter(duty=row, user=cast.sam, kind="page").count() == 1
    assert Duty.objects.get(pk=row.pk).confirmed_at is None


@pytest.mark.rule("X-04")
def test_the_page_speaks_the_language_of_its_reader(client, row):
    type(row.person).objects.filter(pk=row.person_id).update(language="zh-hans")

    assert '<html lang="zh-hans"' in client.get("/c/tok-1/").content.decode()
