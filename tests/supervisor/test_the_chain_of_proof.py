"""Every message's way to a person, each step with its instant, on the escalation's page and in the API (X-09)."""

from datetime import timedelta

import pytest

from channels import letters, pages, receipts
from channels.fakes import recording
from escalation.board_proof import proofs
from escalation.commands.confirm import confirm_duty
from escalation.commands.engage import engage_team
from escalation.commands.fire import fire_all
from escalation.models import Notification
from tests.factories.clocks import MINUTE
from tests.factories.formal import duty, escalate, verified_ticket


@pytest.fixture
def made(cast, rules, nine, desk_time, settings):
    """An escalation whose first contacts were called at nine and sent their pages a minute later."""
    settings.OUTBOUND = "record"
    recording.clear()
    row = escalate(verified_ticket(cast, nine), nine, cast.bo_actor)
    fire_all(nine)
    desk_time(nine + MINUTE)
    pages.send_notifications(200)
    yield row
    recording.clear()


def mail_of(row) -> Notification:
    return Notification.objects.get(duty=row, channel="email")


def steps(escalation, row, channel: str = "E-mail") -> dict[str, bool]:
    proof = next(one for one in proofs(escalation)[row.pk] if one.channel == channel)
    return {step.label: step.at is not None for step in proof.links}


@pytest.mark.rule("X-09")
@pytest.mark.rule("X-04")
def test_each_step_has_its_instant_and_none_is_taken_for_another(cast, made, nine):
    row = duty(made, "account_manager")
    assert steps(made, row) == {"Meant": True, "Rendered": True, "Handed over": True, "Receipt": False, "Seen": False}
    receipts.take(reference=mail_of(row).idem_key, status="delivered", ref="p", at=nine + 2 * MINUTE)
    assert steps(made, row)["Delivered"] is True and steps(made, row)["Seen"] is False
    row.refresh_from_db()
    assert row.confirmed_at is None

    sent = mail_of(row)
    assert nine == sent.created_at <= sent.rendered_at <= sent.sent_at <= sent.receipt_at
    assert sent.provider_ref == "p"


@pytest.mark.rule("X-09")
def test_the_page_tells_the_whole_chain_and_who_confirmed(cast, made, nine, signed_in):
    row = duty(made, "duty_manager")
    confirm_duty(duty_id=row.pk, actor=cast.mo_actor, at=nine + 3 * MINUTE)
    page = signed_in(cast.mo).get(f"/supervisor/escalations/{made.uuid}/").content.decode()
    chain = page.partition(f'id="proof-{row.uuid}"')[2].partition("</details>")[0]
    for word in ("Meant", "Rendered", "Handed over", "Receipt", "Seen", "Confirmed", "Mo Tan", "D-0 #1", "09:03:00"):
        assert word in chain, word
    other = page.partition(f'id="proof-{duty(made, "account_manager").uuid}"')[2].partition("</details>")[0]
    assert "Not confirmed by anybody yet" in other


@pytest.mark.rule("X-09")
def test_what_bundling_holds_and_what_failed_is_said(cast, made, nine):
    row = duty(made, "account_manager")
    held = mail_of(row)
    Notification.objects.filter(pk=held.pk).update(state="pending", held_at=nine, sent_at=None)
    said = {proof.said for proof in proofs(made)[row.pk]}
    assert "Held by bundling, waits for the digest" in said
    Notification.objects.filter(pk=held.pk).update(state="failed", last_error="550 gone")
    assert "Failed, so passed on: 550 gone" in {proof.said for proof in proofs(made)[row.pk]}


@pytest.mark.rule("X-09")
def test_the_interface_for_programs_tells_the_same_chain(cast, made, signed_in):
    answer = signed_in(cast.mo).get(f"/api/v1/escalations/{made.uuid}/").json()
    told = next(one for one in answer["duties"] if one["role"] == "account_manager")
    mail = next(one for one in told["notifications"] if one["channel"] == "email")
    assert mail["rendered_at"] and mail["sent_at"] and mail["receipt_at"] is None and mail["state"] == "sent"
    assert told["confirmed_at"] is None


def test_a_page_of_many_messages_costs_no_more_queries(cast, made, nine, django_assert_max_num_queries):
    fire_all(nine + timedelta(minutes=6))
    with django_assert_max_num_queries(1):
        assert sum(len(chain) for chain in proofs(made).values()) > 8


@pytest.mark.rule("X-05")
@pytest.mark.rule("P-04")
def test_an_engaged_team_shows_when_mail_and_chat_told_it(cast, made, nine, signed_in):
    cast.noc.chat_url = "slack://a/b/c"
    cast.noc.save()
    engage_team(escalation_id=made.pk, team_id=cast.noc.pk, text="Look at the core", actor=cast.mo_actor, at=nine)
    address = f"/supervisor/escalations/{made.uuid}/"
    before = signed_in(cast.mo).get(address).content.decode().partition('id="teams"')[2].partition("</section>")[0]
    assert before.count("waits") >= 2
    letters.send_outbox()
    told = signed_in(cast.mo).get(address).content.decode().partition('id="teams"')[2].partition("</section>")[0]
    line = told.partition("Network operations")[2].partition("</li>")[0]
    assert "E-mail" in line and "Chat" in line and "waits" not in line
