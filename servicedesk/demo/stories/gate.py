"""Before the gate: calls just answered, callers not yet proved, turned away; calls nobody finished."""

from ledger.actor import SYSTEM
from servicedesk.demo.desk import Desk
from servicedesk.demo.director import Script
from servicedesk.demo.story import Story
from tickets.commands import interaction, log, verify


def ringing(desk: Desk, title: str) -> Script:
    """A call of two minutes ago: only the first words are typed."""
    t = Story(desk, 2, "Ciara Doyle")
    yield t.wait(0)
    t.call = interaction.start_interaction(
        channel="call", direction="in", caller_number="+61355500163", called_queue="Faults", actor=desk.staff(t.agent),
        at=t.at,
    )  # fmt: skip
    yield t.wait(1)
    t.ticket = log.log_ticket(
        log.LogTicket(channel="call", title=title, interaction_id=t.call.pk), actor=desk.staff(t.agent), at=t.at
    )


def unproved(desk: Desk, title: str) -> Script:
    """The first PIN was wrong; the caller is still on the line."""
    t = Story(desk, 5, "Jordan Price")
    yield from t.rings("Amy Cho", title)
    yield t.wait(1)
    log.begin_verification(**t.on)
    yield from t.proves("Amy Cho", "pin", "111222")


def waits_for_a_call_back(desk: Desk, title: str) -> Script:
    """Nobody verified it for half an hour: U-1 has fired."""
    t = Story(desk, 44, "Lena Vogt")
    yield from t.rings("Hank Bowers", title)
    yield t.wait(1)
    log.begin_verification(**t.on)
    t.hangs_up("Hank had to leave; he asks to be called back on the stored number")


def wrong_pin(desk: Desk, title: str) -> Script:
    """One wrong PIN, then the caller hung up."""
    t = Story(desk, 190, "Ciara Doyle")
    yield from t.rings("Ikram Bello", title)
    yield t.wait(1)
    log.begin_verification(**t.on)
    yield from t.proves("Ikram Bello", "pin", "135790")
    yield t.wait(1)
    verify.reject(reason="failed", **t.on)
    t.hangs_up("Hung up when asked again", "hang_up")


def locked_out(desk: Desk, title: str) -> Script:
    """Three wrong PINs in the night: locked, turned away, the customer told."""
    t = Story(desk, 5 * 1440 + 300, "Ciara Doyle")
    yield from t.rings("Alan Whitford", title)
    yield t.wait(1)
    log.begin_verification(**t.on)
    for guess in ("123321", "987789", "246642"):
        yield from t.proves("Alan Whitford", "pin", guess)
    yield t.wait(1)
    verify.reject(reason="locked", **t.on)
    t.hangs_up("Three wrong PINs; turned away")


def junk(desk: Desk, title: str) -> Script:
    """Mail nobody asked for."""
    t = Story(desk, 410, "Lena Vogt")
    yield t.wait(0)
    t.call = interaction.start_interaction(channel="email", direction="in", actor=SYSTEM, at=t.at)
    said = log.LogTicket(channel="email", title=title, description="Limited offer", interaction_id=t.call.pk)
    t.ticket = log.log_ticket(said, actor=SYSTEM, at=t.at)
    yield t.wait(20)
    verify.reject(reason="spam", **t.on)
    t.hangs_up("Advertising", "spam")


def prospect(desk: Desk, title: str) -> Script:
    """Somebody who is no customer asks for an offer; Sales has it."""
    t = Story(desk, 362)
    yield t.wait(0)
    t.call = interaction.start_interaction(
        channel="call", direction="in", caller_number="+61355500190", called_queue="Sales", actor=desk.staff(t.agent),
        at=t.at,
    )  # fmt: skip
    said = log.LogTicket(
        channel="call", title=title, kind="inquiry", prospect=True, interaction_id=t.call.pk, caller_name="Ella Arden",
        caller_organisation="Arden Freight", caller_email="ella@arden.example", caller_phone="+61355500190",
        description="Twelve depots, now on broadband; wants a managed overlay",
    )  # fmt: skip
    t.ticket = log.log_ticket(said, actor=desk.staff(t.agent), at=t.at)
    log.begin_verification(**t.on)
    yield t.wait(2)
    verify.verify_prospect(callback_number="+61355500190", callback_confirmed=True, **t.on)
    t.hangs_up("Wants an offer for twelve depots")
    yield from t.triaged("", "new_service", "low")
    yield from t.signed("Kenji Mori", after=30)
    yield from t.reached("Consultation fixed for this afternoon")


def unfinished(desk: Desk, title: str) -> Script:
    """Two calls ended with neither ticket nor outcome: somebody has to finish them (P-01)."""
    for minutes, agent, number in ((71, "Priya Raman", "+61355500152"), (26, "Lena Vogt", "+61355500199")):
        t = Story(desk, minutes, agent)
        yield t.wait(0)
        call = interaction.start_interaction(
            channel="call",
            direction="in",
            caller_number=number,
            called_queue="Faults",
            actor=desk.staff(agent),
            at=t.at,
        )
        yield t.wait(2)
        interaction.end_interaction(interaction_id=call.pk, actor=desk.staff(agent), at=t.at)


STORIES = [
    ("Pit radio link down", ringing), ("Reception phone shows no line", unproved),
    ("Dispatch line crackles", waits_for_a_call_back), ("Asks for the firewall's rules", wrong_pin),
    ("Asks to move a trunk at night", locked_out), ("Cheap minutes to every country", junk),
    ("New inquiry: SD-WAN for 12 depots", prospect), ("", unfinished),
]  # fmt: skip
