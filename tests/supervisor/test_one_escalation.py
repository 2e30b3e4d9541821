import pytest

from accounts.models import AccountTeamMember
from escalation.commands.fire import fire_all
from escalation.models import Duty, Escalation
from tests.factories.cast import staff
from tests.factories.clocks import MINUTE
from tests.factories.formal import duty, escalate, verified_ticket
from tickets.models import WorkItem


@pytest.fixture
def made(cast, rules, nine, desk_time):
    """An escalation whose first contacts were called at nine; the desk's clock shows two past."""
    desk_time(nine + 2 * MINUTE)
    row = escalate(verified_ticket(cast, nine), nine, cast.bo_actor)
    fire_all(nine)
    return row


def address(row, command=""):
    return f"/supervisor/escalations/{row.uuid}/" + (f"{command}/" if command else "")


@pytest.mark.rule("X-09")
def test_the_page_shows_the_ladder_and_every_duty(cast, made, signed_in):
    page = signed_in(cast.mo).get(address(made)).content.decode()

    assert "<svg" in page and "CEO informed, stays on until resolved" in page
    for name in ("Daniel Hartley", "Ruth Adeyemi", "Marcus Vaile", "Mo Tan", "Helen Strand"):
        assert name in page


@pytest.mark.rule("X-04")
def test_the_account_manager_confirms_from_the_page(cast, made, signed_in):
    row = duty(made, "account_manager")
    client = signed_in(cast.people["account_manager"])
    assert "I have been informed" in client.get(address(made)).content.decode()

    answer = client.post(f"/supervisor/duties/{row.uuid}/confirm/")

    assert (answer.status_code, answer.headers["Location"]) == (303, address(made))
    assert Duty.objects.get(pk=row.pk).how == "desk"


@pytest.mark.rule("X-04")
def test_a_call_without_a_number_is_refused_in_place_and_the_words_are_kept(cast, made, signed_in):
    row = duty(made, "director_support")
    sent = {"number": "12", "outcome": "reached", "note": "She knows and joins"}

    answer = signed_in(cast.mo).post(f"/supervisor/duties/{row.uuid}/phone/", sent)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "with country code" in page and "She knows and joins" in page
    assert Duty.objects.get(pk=row.pk).confirmed_at is None


@pytest.mark.rule("A-07")
@pytest.mark.rule("A-08")
def test_the_duty_manager_goes_from_review_to_an_agreed_plan(cast, made, signed_in):
    client = signed_in(cast.mo)
    steps = [
        ("review", {"text": "Rollback is ready"}),
        ("contact", {"contact": cast.ada.uuid, "text": "Two sites are back"}),
        ("item", {"title": "Reroute", "owner": f"user:{cast.sam.uuid}"}),
        ("plan", {}),
        ("engage", {"team": cast.noc.uuid, "text": "Watch the trunks"}),
    ]

    answers = [client.post(address(made, name), data).status_code for name, data in steps]

    assert answers == [303] * 5
    row = Escalation.objects.get()
    assert row.reviewed_at and row.contacted_at and row.plan_agreed_at
    assert set(WorkItem.objects.values_list("source", "title")) >= {
        ("plan", "Reroute"),
        ("engagement", "Watch the trunks"),
    }


@pytest.mark.rule("A-08")
def test_an_item_without_an_owner_is_refused(cast, made, signed_in):
    answer = signed_in(cast.mo).post(address(made, "item"), {"title": "Reroute", "owner": ""})

    assert answer.status_code == 422
    assert not WorkItem.objects.filter(source="plan").exists()


def test_a_foreign_account_manager_learns_nothing(cast, made, signed_in):
    stranger = staff("other-am@desk.example", "Olga Am")
    AccountTeamMember.objects.create(organisation=cast.other, role="account_manager", user=stranger)
    client = signed_in(stranger)

    assert client.get(address(made)).status_code == 404
    assert client.post(address(made, "review"), {"text": "x"}).status_code == 404
    assert client.post(f"/supervisor/duties/{duty(made, 'account_manager').uuid}/phone/").status_code == 404


@pytest.mark.rule("A-06")
def test_an_escalation_is_requested_by_the_number_of_its_ticket(cast, rules, nine, desk_time, signed_in):
    desk_time(nine + MINUTE)
    ticket = verified_ticket(cast, nine)
    client = signed_in(cast.bo)
    form = {"ticket": ticket.number.lower(), "relation": "other", "requester_name": "Iris", "reason": "No phones"}

    wrong = client.post("/supervisor/escalations/new/", {**form, "ticket": "SD-0"})
    right = client.post("/supervisor/escalations/new/", form)

    assert wrong.status_code == 422 and "No phones" in wrong.content.decode()
    made = Escalation.objects.get()
    assert (right.status_code, right.headers["Location"], made.requester_name) == (303, address(made), "Iris")
