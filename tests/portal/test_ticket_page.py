"""What a customer sees of one ticket, and what nobody else's customer ever does."""

from datetime import timedelta

import pytest

from escalation.commands.request import request_escalation
from tests.portal.parts import BACKEND, asked_to_pause, at_work, reported, solved, steady
from tickets.commands.note import add_note
from tickets.commands.plan import add_work_item, promise
from tickets.commands.settle import move_promise


@pytest.mark.rule("A-08")
def test_public_notes_are_shown_as_written_and_internal_ones_never(cast, ada, now):
    ticket = at_work(cast, now)
    who = {"ticket_id": ticket.pk, "actor": cast.bo_actor, "at": now}
    add_note(body="The line loses packets **only** while the lift runs.", public=True, **who)
    add_note(body="CANARY the customer is difficult", public=False, **who)

    for part in ("", "?part=now", "?part=asks", "?part=notes", "?part=plan"):
        body = ada.get(f"/portal/tickets/{ticket.number}/{part}", headers={"HX-Request": "true"} if part else {})
        assert b"CANARY" not in body.content
    page = ada.get(f"/portal/tickets/{ticket.number}/").content.decode()
    assert "The line loses packets <strong>only</strong> while the lift runs." in page
    assert "Bo Raman" in page


@pytest.mark.rule("A-08")
def test_the_action_plan_shows_public_items_with_owner_and_date_only(cast, ada, now):
    ticket = at_work(cast, now)
    who = {"ticket_id": ticket.pk, "actor": cast.bo_actor, "at": now}
    due = now + timedelta(days=1)
    add_work_item(
        title="Replace copper run", owner_team_id=cast.noc.pk, due_at=due, mandatory=False, public=True, **who
    )
    add_work_item(title="Check first line", owner_team_id=cast.l1.pk, due_at=due, mandatory=False, public=True, **who)
    add_work_item(title="CANARY ask sales", owner_user_id=cast.bo.pk, due_at=due, mandatory=False, public=False, **who)

    page = ada.get(f"/portal/tickets/{ticket.number}/").content.decode()

    assert "Network operations, Halden Networks" in page
    assert "Service team, Halden Networks" in page
    assert "Wed 17 June, 14:00" in page
    assert "CANARY" not in page


@pytest.mark.rule("A-08")
def test_our_own_steps_are_in_the_readers_language_and_none_stays_open_once_it_is_solved(cast, ada, now):
    step, own = "Service tested with the user", {"HX-Request": "true"}
    open_one, done = at_work(cast, now), solved(cast, now)
    for ticket in (open_one, done):
        ticket.work_items.create(source="playbook", title=step, owner_team=cast.l1, public=True, created_at=now)
    type(cast.ada.user).objects.filter(pk=cast.ada.user_id).update(language="zh-hans")

    plans = [ada.get(f"/portal/tickets/{t.number}/?part=plan", headers=own).content.decode() for t in (open_one, done)]
    assert step not in plans[0] and "sd-work" in plans[0]
    assert "sd-work" not in plans[1]


@pytest.mark.rule("C-14")
def test_the_page_says_who_works_on_it_and_by_when_news_comes(cast, ada, now):
    ticket = at_work(cast, now)
    promise(ticket_id=ticket.pk, kind="next_update", due_at=now + timedelta(minutes=10), actor=cast.bo_actor, at=now)

    page = ada.get(f"/portal/tickets/{ticket.number}/").content.decode()

    assert "Bo Raman works on it." in page
    news = page[page.index("Next news from us by") :]
    assert ">14:10</time>" in news[:250]
    assert "Solution" in page
    assert "Australia/Melbourne (AEST)" in page


def test_a_foreign_ticket_and_an_absent_one_are_the_same_404(cast, dee, now):
    ticket = at_work(cast, now)
    foreign, absent = f"/portal/tickets/{ticket.number}/", "/portal/tickets/SD-999999/"
    for act in ("", "reply/", "consent/", "confirm/", "dispute/", "escalate/", "step/"):
        answers = [
            dee.post(path + act, {"body": "x", "reason": "x"}) if act else dee.get(path) for path in (foreign, absent)
        ]
        assert [a.status_code for a in answers] == [404, 404]
        assert steady(answers[0].content, foreign + act) == steady(answers[1].content, absent + act)


def test_a_restricted_ticket_is_seen_by_its_reporter_only(cast, ada, al, now):
    ticket = reported(cast, now, contact=cast.al, kind="security", title="Somebody reads our mail")

    assert al.get(f"/portal/tickets/{ticket.number}/").status_code == 200
    assert ada.get(f"/portal/tickets/{ticket.number}/").status_code == 404
    assert b"Somebody reads our mail" not in ada.get("/portal/?view=open").content


def test_staff_and_strangers_do_not_pass(cast, client, now):
    ticket = at_work(cast, now)
    assert client.get(f"/portal/tickets/{ticket.number}/").status_code == 302
    client.force_login(cast.bo, backend=BACKEND)
    for path in ("/portal/", f"/portal/tickets/{ticket.number}/", "/portal/raise/", "/portal/contacts/"):
        assert client.get(path).status_code == 404


def test_the_page_needs_at_most_fifteen_queries(cast, ada, now, django_assert_max_num_queries):
    ticket = asked_to_pause(cast, now)
    who = {"ticket_id": ticket.pk, "actor": cast.bo_actor, "at": now}
    request_escalation(ticket_id=ticket.pk, reason="Clinics closed", relation="customer", actor=cast.ada_actor, at=now)
    for n in range(5):
        add_note(body=f"News number {n} for you", public=True, **who)
        add_work_item(
            title=f"Step {n}", owner_user_id=cast.bo.pk, due_at=now + timedelta(hours=n + 1), mandatory=False,
            public=True, **who,
        )  # fmt: skip
    ada.get("/portal/")

    with django_assert_max_num_queries(15):
        assert ada.get(f"/portal/tickets/{ticket.number}/").status_code == 200
    done = solved(cast, now, title="Another")
    with django_assert_max_num_queries(15):
        assert ada.get(f"/portal/tickets/{done.number}/").status_code == 200


@pytest.mark.parametrize("part", ["now", "asks", "notes", "plan"])
def test_a_live_piece_is_that_piece_and_nothing_around_it(cast, ada, now, part):
    ticket = asked_to_pause(cast, now)
    body = ada.get(f"/portal/tickets/{ticket.number}/?part={part}", headers={"HX-Request": "true"}).content.decode()

    assert f'<div id="{part}"' in body
    assert "<html" not in body
    assert f'data-topics="ticket:{ticket.number}"' in body


@pytest.mark.rule("C-10")
def test_a_moved_promise_shows_the_new_time_with_its_explanation(cast, ada, now):
    ticket = at_work(cast, now)
    made = promise(ticket_id=ticket.pk, kind="resolution", due_at=now + timedelta(hours=2), actor=cast.bo_actor, at=now)
    why = "We are sorry: the spare part comes tomorrow morning."
    move_promise(commitment_id=made.pk, due_at=now + timedelta(hours=20), explanation=why, actor=cast.bo_actor, at=now)

    page = ada.get(f"/portal/tickets/{ticket.number}/").content.decode()

    assert f"Moved: {why}" in page
    assert "Wed 17 June, 10:00" in page
