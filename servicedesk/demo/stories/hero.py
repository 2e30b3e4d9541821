"""Northgate's hospitals cannot be called: P1, escalated to its second stage, one duplicate merged, a problem behind."""

from datetime import timedelta

from escalation.commands.confirm import confirm_duty
from servicedesk.demo.desk import Desk
from servicedesk.demo.director import Script
from servicedesk.demo.ladder import Escalated
from servicedesk.demo.story import Story
from tickets.commands import link, note

MINUTE = timedelta(minutes=1)


def hospitals(desk: Desk, title: str) -> Script:
    """36 minutes: two of three contacts confirmed, reviewed, customer called, plan not yet agreed."""
    t = Escalated(desk, 36)
    yield from t.verified_call(
        "Alan Whitford", title, problem_what="Calls from outside get fast busy at once; outbound works",
        problem_since="13:52, after CHG-2207", problem_where="Sunbury, Gisborne, Kyneton, Romsey",
        problem_impact="Emergency lines of two hospitals cannot be reached", problem_changed="CHG-2207 codec profile",
        urgent=True,
    )  # fmt: skip
    yield from t.triaged(
        "VT-88120", "other", "high", "high", team="Voice L1", issue_type="Inbound calls", scope="multiple"
    )
    body = "We received your report and treat it as P1. A specialist has it now."
    note.add_note(body=body, public=True, promise_at=t.at + 26 * MINUTE, **t.on)
    yield from t.signed(after=2)
    yield from t.asks("Emergency lines of two hospitals cannot be reached.", "customer", "Joanne Priest", after=1)
    yield from t.reached("Two test calls with Alan failed together", after=2)
    yield from t.confirms("account_manager", after=1)
    yield from t.engages("Platform engineering", "Find what rejects inbound calls since 13:52", after=1)
    yield from t.up("Re-registration, route check, test call from Docklands", ("specialist",), "Voice L2", after=1)
    yield from t.phones("director_support", "Ruth knows and stays reachable", after=1)
    yield from t.engages("Network operations", "Route the sites through Docklands", after=0.5)
    yield from t.signed("Tom Okafor", after=1.5)
    yield t.wait(0)
    confirm_duty(duty_id=t.duty("duty_manager").pk, actor=t.manager, at=t.at)
    yield from t.reviewed("Codec change of 13:50 is the likely cause; reroute first, then roll back", after=1)
    yield from t.contacted(
        "Joanne Priest", "Told her the cause and the reroute; she asks for news each half hour", after=3
    )
    inside = (
        "SBC-MEL-02 answers INVITE with **488 Not Acceptable** since CHG-2207 removed G.711 A-law from the trunk "
        "profile. Docklands still carries the old profile. Rollback is ready, needs emergency change approval."
    )
    yield from t.news(inside, by="Mei-Ling Tan", after=2)
    t.item("Reroute Sunbury and Gisborne", None, "Tom Okafor", done="Test calls to both sites answered")
    t.item("Approve emergency rollback", desk.now + 8 * MINUTE, "Ben Castellano")
    t.item("Roll back trunk profile", desk.now + 23 * MINUTE, "Mei-Ling Tan")
    t.item("Test calls at all 14 sites", desk.now + 38 * MINUTE, contact="Alan Whitford")
    outside = (
        "Two of four sites, Sunbury and Gisborne, take calls again: we route their inbound calls through Docklands. "
        "Kyneton and Romsey still fail. We are preparing the rollback of the codec change."
    )
    yield from t.news(outside, public=True, after=2, promise_at=desk.now + 20 * MINUTE)
    yield from _duplicate(desk, t)
    yield from t.phones("vp_customer_experience", "No answer, voice mail left", reached=False, after=1)
    yield from _problem(desk, t)


def _duplicate(desk: Desk, hero: Story) -> Script:
    """Kyneton reports the same; its ticket joins."""
    t = Story(desk, 9, "Lena Vogt")
    yield from t.verified_call("Beth Carlow", "Kyneton ward phones silent")
    yield from t.triaged("VT-88120", "other", "high", "medium", team="Voice L1")
    yield t.wait(0.5)
    link.merge(into_id=hero.ticket.pk, **t.by("Karin Holt"))
    hero.at = t.at


def _problem(desk: Desk, hero: Story) -> Script:
    """The recurrence becomes a problem of its own."""
    t = Story(desk, 3, "Tom Okafor")
    yield from t.alarm("northgate", "Profile changes without trial", "internal", "internal", kind="problem")
    yield from t.triaged("VT-88120", "other", "medium", "low", team="Voice L2")
    yield t.wait(0.2)
    link.link(other_id=t.ticket.pk, relation="problem", **{**hero.by("Tom Okafor"), "at": t.at})


STORIES = [("Inbound calls fail at 4 of 14 hospital sites", hospitals)]
