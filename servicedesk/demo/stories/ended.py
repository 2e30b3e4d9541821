"""Paused, solved, disputed, surveyed, closed, reopened, withdrawn."""

from datetime import timedelta

from channels.sealed import Box
from ledger.actor import Actor
from ledger.models import OutboxMessage
from quality.commands import answer
from quality.reports.commands.draft import draft_report
from servicedesk.demo.desk import Desk
from servicedesk.demo.director import Script
from servicedesk.demo.story import Steps, Story
from tickets.commands import note, resolve, suspend

DAY = 1440
HOUR = timedelta(hours=1)


def sunbury(desk: Desk, title: str) -> Script:
    """A pause is asked for; the customer has not answered yet."""
    t = Story(desk, 205, "Niall Byrne")
    yield from t.verified_call("Alan Whitford", title)
    yield from t.triaged("EPL-30112", "network_degradation", "medium", "medium")
    yield from t.signed()
    yield from t.reached("Alan sees it at the top of each hour")
    yield from t.up("Loss begins behind the access switch")
    yield from t.signed("Omar Haddad")
    yield from t.news("Optic of the switch at Sunbury is weak", True, after=60)
    yield from t.news("Spare is on the shelf, clinic is busy until the evening", after=70)
    yield t.wait(5)
    suspend.request_suspension(
        reason_code="customer_unavailable", reason="The clinic can be entered after hours only",
        until=desk.now + 4 * HOUR, **t.on,
    )  # fmt: skip


def gateway(desk: Desk, title: str) -> Script:
    """Paused with consent and two approvals."""
    t = Story(desk, 340, "Niall Byrne")
    yield from t.verified_call("Martin Leigh", title)
    yield from t.triaged("EPL-30340", "network_interruption", "medium", "medium")
    yield from t.signed()
    yield from t.reached("Depot works over the mobile backup")
    yield from t.suspended(
        "customer_request", "The council asks to wait for the meeting's end", 9 * HOUR, "Martin Leigh"
    )


def _quick(t: Story, service: str, fix: str, by: str, **answers) -> Steps:
    """Signed, contacted, solved."""
    yield from t.triaged(service, **answers)
    yield from t.signed(by)
    yield from t.reached("Heard the details")
    yield from t.resolved("Found in the configuration", fix)


def forwarding(desk: Desk, title: str) -> Script:
    """Solved; the customer is asked to confirm."""
    t = Story(desk, 70)
    yield from t.verified_call("Beth Carlow", title)
    yield from _quick(t, "HPX-70881", "Night rule of both clinics set again and called twice", "Priya Raman")


def hosts(desk: Desk, title: str) -> Script:
    """Solved, then disputed: back to its line."""
    t = Story(desk, 118, "Zhang Wei")
    yield from t.verified_call("Dee Farouk", title)
    yield from t.triaged("CL-5100", "cloud", "medium", "high")
    yield from t.signed()
    yield from t.reached("Dee lists both hosts")
    yield from t.resolved(
        "Hosts kept in maintenance mode", "Maintenance mode ended on both", "our_configuration", after=20
    )
    yield t.wait(35)
    t.ticket = resolve.dispute(reason="One of the two is gone again", **t.as_customer("Dee Farouk"))
    yield from t.signed("Jordan Price")
    yield from t.news("Second host fails its health check on storage", True, after=12)


def slow_line(desk: Desk, title: str) -> Script:
    """Solved, not yet confirmed, of another region."""
    t = Story(desk, 210, "Jordan Price")
    yield from t.written("Joyce Lim", title, description="Speed tests at half since Monday")
    yield from _quick(t, "EPL-41002", "Duplex set on both sides, speed test full", "Jordan Price",
                      category="network_degradation")  # fmt: skip


def transit(desk: Desk, title: str) -> Script:
    """Confirmed; the survey is out, the fault report begun and still due."""
    t = Story(desk, 400, "Niall Byrne")
    yield from t.verified_call("Elke Jansen", title)
    yield from _quick(t, "IPT-3301", "Filter lifted, three routes seen from outside", "Niall Byrne",
                      category="network_interruption")  # fmt: skip
    yield from t.confirmed("Elke Jansen")
    yield t.wait(15)
    draft_report(**t.on)


def transfer_menu(desk: Desk, title: str) -> Script:
    """Confirmed after an agent's call; survey out."""
    t = Story(desk, 160, "Ciara Doyle")
    yield from t.verified_call("Imran Shah", title)
    yield from _quick(t, "HPX-70023", "Menu entry restored and called", "Ciara Doyle")
    yield from t.reached("Imran tried it twice")
    t.ticket = resolve.confirm(how="agent_call", **t.on)


def _closed(desk: Desk, days: float, caller: str, title: str, service: str, fix: str, rating: int, words: str,
            agent: str = "Priya Raman", **answers) -> Steps:  # fmt: skip
    """From the call to the answered survey and the closed ticket."""
    t = Story(desk, days * DAY, agent)
    yield from t.verified_call(caller, title)
    yield from _quick(t, service, fix, agent, **answers)
    yield from t.confirmed(caller)
    yield t.wait(50)
    _answers(t, rating, words)
    yield t.wait(5)
    decided = {"knowledge_decision": "none", "follow_up_decision": "none"}
    t.ticket = resolve.close(**decided, **t.on)
    return t


def _answers(t: Story, rating: int, words: str) -> None:
    """Answer the survey by its one-time link, as the customer does."""
    letter = OutboxMessage.objects.get(entry__chain=t.ticket.chain, topic="mail.survey")
    token = Box("survey").open(letter.payload["token"])
    holder = Actor(kind="link", ref=letter.payload["contact"], name=t.caller, via="link")
    answer(token=token, rating=rating, response_rating=min(5, rating + 1), comment=words, actor=holder, at=t.at)


def pleased(desk: Desk, title: str) -> Script:
    """Five of five."""
    yield from _closed(desk, 6, "Joanne Priest", title, "HPX-70881", "Twelve extensions live and called", 5,
                       "Extensions were there before we asked twice.", kind="request")  # fmt: skip


def displeased(desk: Desk, title: str) -> Script:
    """Two of five: an improvement with an owner."""
    yield from _closed(desk, 4, "Alan Whitford", title, "EPL-30112", "Optic cleaned, no loss for an hour", 2,
                       "Third loss at Sunbury this month.", "Lena Vogt", category="network_degradation")  # fmt: skip


def chinese(desk: Desk, title: str) -> Script:
    """Closed, in Chinese."""
    yield from _closed(desk, 3, "周婷", title, "VPN-28801", "账号已恢复，拨号测试通过", 5, "处理很快", "Zhang Wei")


def again(desk: Desk, title: str) -> Script:
    """Closed two days ago, opened again: a second run."""
    t = yield from _closed(
        desk, 2, "Dev Patel", title, "EPL-30340", "Access list corrected", 3, "Took long", "Lena Vogt"
    )
    t.at = desk.ago(33)
    yield t.wait(0)
    t.ticket = resolve.reopen(reason="The same printer is gone since this morning", **t.as_customer("Dev Patel"))
    yield from t.triaged("EPL-30340")
    yield from t.signed()
    yield from t.reached("Dev names the printer")


def cleared(desk: Desk, title: str) -> Script:
    """An alarm nobody called about: solved and closed by evidence; its report is filed and released."""
    t = Story(desk, 1.5 * DAY, "Niall Byrne")
    yield from t.alarm("harbour", title)
    yield from _quick(
        t, "IPT-3301", "Fan tray replaced, temperature normal", "Niall Byrne", category="network_degradation"
    )
    yield from t.reached("No answer at the customer's centre", "not_reached")
    evidence = "Temperature normal for two hours, no alarm active"
    t.ticket = resolve.confirm(how="evidence", evidence=evidence, **t.on)
    yield t.wait(10)
    decided = {"knowledge_decision": "none", "follow_up_decision": "planned", "follow_up_at": desk.now + 48 * HOUR}
    t.ticket = resolve.close(**decided, **t.on)
    yield from t.reported(
        "Fans of this age are listed and changed before the summer", "List every fan tray over six years",
        "Ben Castellano", released_by="Liam Walsh",
    )  # fmt: skip


def withdrawn(desk: Desk, title: str) -> Script:
    """The customer takes it back."""
    t = Story(desk, 500, "Lena Vogt")
    yield from t.written("Imran Shah", title, kind="request", description="Two desktops for a project")
    yield from t.triaged("CL-5230", "cloud", "low", "low", team="Cloud L1")
    yield t.wait(60)
    note.add_note(body="The project was stopped, thank you.", public=True, **t.as_customer("Imran Shah"))
    t.ticket = resolve.cancel(reason="The project was stopped", **t.as_customer("Imran Shah"))


STORIES = [
    ("Intermittent packet loss at Sunbury clinic", sunbury), ("Depot offline behind the backup", gateway),
    ("Night call forwarding ignored at two clinics", forwarding), ("Two hosts unreachable after maintenance", hosts),
    ("County hall line at half its speed", slow_line), ("Three routes missing", transit),
    ("Menu sends callers to the old office", transfer_menu), ("Extensions for the new ward", pleased),
    ("Loss at Sunbury clinic", displeased), ("VPN 账号无法登录", chinese),
    ("Printer unreachable from the offices", again),
    ("Alarm: temperature in cabinet 14", cleared), ("Two more hosted desktops", withdrawn),
]  # fmt: skip
