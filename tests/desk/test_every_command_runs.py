"""Each command of the desk carried out once through its own form: what is filled in arrives."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tickets.models import Commitment, Note, Suspension, Ticket, TicketLink, WorkItem


@pytest.fixture
def send(bo, cast, agent_of):
    """Return a function: posts a command and expects it done; `who` None = Bo."""

    def post(ticket, slug, who=None, **data):
        client = agent_of(who) if who else bo
        answer = client.post(reverse(f"desk:ticket-{slug}", args=[ticket.number]), data)
        assert answer.status_code == 303, answer.content.decode().split("<main")[-1][:6000]
        return Ticket.objects.get(pk=ticket.pk)

    return post


def local(at) -> str:
    return f"{at:%Y-%m-%dT%H:%M}"


def test_moving_it_between_people_teams_and_tiers(send, path, now, cast):
    ticket = path.triaged()
    now()
    assert send(ticket, "sign-for").owner == cast.bo
    assert send(ticket, "contact", outcome="left_message", text="On the answering machine").contacted_at
    assert send(ticket, "assign", user="", reason="My shift ends").owner is None
    assert send(ticket, "assign", user=str(cast.bo.uuid)).owner == cast.bo
    moved = send(ticket, "tier-up", tried="Loop test and port reset", criteria=["specialist"])
    assert moved.state == "l2"
    assert send(ticket, "tier-down", cast.sam, reason="It was the cable after all").state == "l1"


def test_saying_more_exactly_what_it_is(send, path, now, cast):
    ticket = path.to("l1")
    now()
    service = str(cast.service.uuid)
    asked = {
        "kind": "fault",
        "category": "network_degradation",
        "scope": "single",
        "impact": "medium",
        "urgency": "medium",
    }
    changed = send(
        ticket, "reclassify", **asked, service=service, title_="Loss on the line", reason="Only some packets"
    )
    assert (changed.category, changed.title) == ("network_degradation", "Loss on the line")
    assert send(ticket, "reprioritise", priority="P2", reason="Two more sites are down").priority == "P2"
    send(ticket, "ask-priority", priority="P1", reason="The ministry is on it")
    assert ticket.approvals.get().wanted == "P1"
    assert send(ticket, "critical", reason="The whole alliance is down").critical
    other = {"organisation": str(cast.other.uuid), "contact": str(cast.dee.uuid)}
    assert send(ticket, "correct-customer", **other, reason="It is the bank's line").verification is None


def test_planning_and_promising(send, path, now, cast):
    ticket = path.to("l1")
    at = now()
    send(ticket, "item-add", title_="Ring the supplier", user=str(cast.bo.uuid), due_at=local(at + timedelta(hours=1)))
    item = WorkItem.objects.get(title="Ring the supplier")
    assert item.owner_user == cast.bo
    send(ticket, "item-done", work_item=str(item.uuid), evidence="Supplier confirmed by phone")
    skipped = ticket.work_items.filter(state="open").first()
    send(ticket, "item-skip", work_item=str(skipped.uuid), reason="Nobody is at the site")
    send(ticket, "promise", kind="callback", due_at=local(at + timedelta(hours=1)), text="Result of the test")
    promise = Commitment.objects.get(state="open")
    later = local(at + timedelta(hours=2))
    send(ticket, "promise-move", commitment=str(promise.uuid), due_at=later, explanation="The test takes longer")
    send(ticket, "promise-keep", commitment=str(Commitment.objects.get(state="open").uuid))
    assert sorted(Commitment.objects.values_list("state", flat=True)) == ["kept", "moved"]
    send(ticket, "participant", part="contractor", label="Cable works Ltd")
    assert ticket.participants.filter(label="Cable works Ltd").exists()


def test_joining_and_parting_tickets(send, path, now, cast):
    first, second = path.to("l1"), path.to("l1")
    now()
    send(first, "link", other=second.number.lower(), relation="related")
    tie = TicketLink.objects.get(relation="related")
    send(first, "unlink", tie=str(tie.uuid))
    assert not TicketLink.objects.exists()
    assert send(first, "merge", into=second.number).merged_into == second
    assert send(first, "undo-merge").state == "l1"
    send(first, "note", visibility="internal", body="The phone is silent too")
    send(first, "split", new_title="Phone silent", notes=[str(Note.objects.get().uuid)])
    assert Ticket.objects.filter(title="Phone silent", state="triage").exists()


def test_pausing_with_consent_and_two_others(send, path, now, cast):
    ticket = path.to("l1")
    at = now()
    send(ticket, "suspend", reason_code="parts", reason="The part comes at noon", until=local(at + timedelta(hours=3)))
    send(ticket, "withdraw")
    send(ticket, "suspend", reason_code="parts", reason="The part comes at noon", until=local(at + timedelta(hours=3)))
    pause = str(Suspension.objects.get(state="requested").uuid)
    send(ticket, "consent", suspension=pause, given="yes", contact=str(cast.ada.uuid), how="call")
    send(ticket, "decide", cast.mo, suspension=pause, function="monitoring", approved="yes")
    paused = send(ticket, "decide", cast.cy, suspension=pause, function="customer_service", approved="yes")
    assert paused.state == "suspended"
    assert send(ticket, "resume", reason="The part came early").state == "l1"


def test_ending_it_and_taking_it_up_again(send, path, now, cast):
    ticket = path.to("closure")
    now()
    assert send(ticket, "dispute", reason="The line fails again").state == "l1"
    assert send(ticket, "cancel", reason="The customer withdraws it").state == "cancelled"
    closed = path.to("closed")
    now()
    assert send(closed, "reopen", reason="The line fails again").state == "triage"
    sent = send(closed, "triage", kind="fault", category="network_interruption", impact="low", urgency="low",
                scope="single", service=str(cast.service.uuid))  # fmt: skip
    assert sent.state == "l1"


def test_taking_back_and_blanking_a_note(send, path, now, cast):
    ticket = path.to("l1")
    now()
    for words in ("The PIN is on the desk", "Port 7 shows errors"):
        send(ticket, "note", visibility="internal", body=words)
    newest, oldest = Note.objects.order_by("-pk")
    send(ticket, "note-retract", note=str(newest.uuid))
    cast.mo.role_grants.create(role="supervisor")
    send(ticket, "note-redact", cast.cy, note=str(oldest.uuid), reason="A secret was written", second=str(cast.mo.uuid))
    assert Note.objects.get(pk=oldest.pk).body == ""


def test_escalating_to_management(send, path, now, cast):
    ticket = path.to("l1")
    now()
    send(ticket, "escalate", relation="customer", contact=str(cast.ada.uuid), reason="Emergency lines are dead")
    escalation = ticket.escalations.get()
    assert (escalation.requester_contact, escalation.reason) == (cast.ada, "Emergency lines are dead")


def test_opening_what_came_in_unverified(send, path, now, cast):
    ticket = path.to("intake")
    now()
    send(ticket, "intake", caller_name="Ada Lund", caller_organisation="Northgate Health Alliance",
         caller_email="ada@northgate.example", caller_phone="+61355500142", problem_what="No link")  # fmt: skip
    assert send(ticket, "begin").state == "auth"
    made = path.attempt(ticket)
    opened = send(
        ticket, "verify", verification=str(made.uuid), callback_number="+61355500142", callback_confirmed="on"
    )
    assert opened.state == "triage"
    spam = path.to("auth")
    assert send(spam, "reject", reason="spam").state == "rejected"
