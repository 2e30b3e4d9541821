"""The other formal escalations of the board: confirmed by all, critical by itself, not production, paused."""

from datetime import timedelta

from escalation.commands.confirm import confirm_duty
from servicedesk.demo.desk import Desk
from servicedesk.demo.director import Script
from servicedesk.demo.ladder import Escalated

MINUTE = timedelta(minutes=1)


def latency(desk: Desk, title: str) -> Script:
    """All three confirmed, the plan agreed; 120 minutes since dispatch are near."""
    t = Escalated(desk, 118, "Niall Byrne")
    yield from t.verified_call("Gwen Tully", title, "pin")
    yield from t.triaged("EPL-91006", "network_degradation", "high", "medium", scope="single", issue_type="Latency")
    yield from t.signed()
    yield from t.reached("Gwen sees 140 ms since the morning")
    yield from t.up("Loop clean, path traced to the Singapore side")
    yield from t.signed("Omar Haddad")
    yield from t.news("Traffic takes the southern cable since the cut of Monday; capacity asked for", True, after=20)
    yield from t.asks("Trading of the pit runs over this line", "management", by="Daniel Hartley", after=10)
    yield from t.confirms("account_manager", after=3)
    yield from t.confirms("director_support")
    yield from t.confirms("vp_customer_experience")
    yield t.wait(1)
    confirm_duty(duty_id=t.duty("duty_manager").pk, actor=t.manager, at=t.at)
    yield from t.reviewed("Path change outside our network; ask the carrier for the northern one")
    yield from t.contacted("Gwen Tully", "Gwen agrees to a second path tonight")
    t.item("Second path through Jakarta", desk.now + 95 * MINUTE, "Omar Haddad")
    yield from t.agreed()
    yield from t.news("Carrier offers the northern path from 20:00", True, after=18)
    yield from t.news("Order placed with the carrier; acceptance test prepared", after=24)


def wavelength(desk: Desk, title: str) -> Script:
    """An alarm on a customer without the formal path: the duty manager alone."""
    t = Escalated(desk, 52, "Niall Byrne")
    yield from t.alarm("harbour", title)
    yield from t.triaged("WDM-7710", "network_interruption", "high", "medium", scope="single")
    yield from t.signed()
    yield from t.reached("Simon saw the switch to the backup", "left_message")
    yield from t.news("Receive power dropped by 9 dB at 40 km from Telehouse; crew asked for", after=8)
    yield from t.asks("Backup carries all traffic, no second one left", "agent", after=15)
    yield from t.phones("duty_manager", "Knows, looks into it now", after=2)
    yield from t.reviewed("Cut between two huts; splice crew is two hours away", after=2)


def invoices(desk: Desk, title: str) -> Script:
    """A billing matter a day old, asked for by the customer; the plan is agreed."""
    t = Escalated(desk, 25 * 60, "Bianca Wolf")
    yield from t.written(
        "Sally Nugent", title, kind="billing", description="Charged in May and June, lines ended in March"
    )
    yield from t.triaged("ISD-61220", "billing", "low", "high")
    yield from t.signed(after=40)
    yield from t.reached("Sally sends both invoices")
    yield from t.news("Disputed amount 1,840.00; ended lines confirmed in the registry", after=30)
    yield t.wait(22 * 60)
    yield from t.asks("Second month of wrong charges", "customer", "Martin Leigh", after=1)
    yield from t.phones("duty_manager", "Takes it himself", after=2)
    yield from t.reviewed("Clear case; credit note within the day")
    yield from t.contacted("Martin Leigh", "Credit note today, corrected invoice by tomorrow noon")
    t.item("Corrected invoice", desk.now + 90 * MINUTE, "Bianca Wolf")
    yield from t.agreed(5)


def interconnect(desk: Desk, title: str) -> Script:
    """Escalated, then paused with the customer's consent until a part arrives."""
    t = Escalated(desk, 161)
    yield from t.verified_call("Nina Osborne", title)
    yield from t.triaged("IC-4402", "other", "high", "medium", team="Voice L1")
    yield from t.signed()
    yield from t.reached("Nina agrees to reroute half of the group")
    yield from t.up("Half rerouted, card errors remain", ("access",), "Voice L2")
    yield from t.signed("Tom Okafor")
    yield from t.asks("Busy hour begins at four", "customer", "Nina Osborne", after=3)
    yield from t.confirms("account_manager")
    yield from t.confirms("director_support")
    yield from t.confirms("vp_customer_experience")
    yield from t.reviewed("Trunk card fails, part is on its way", after=2)
    yield from t.contacted("Nina Osborne", "Part arrives this afternoon; half capacity till then is fine")
    t.item("Replace the trunk card", desk.now + 120 * MINUTE, "Ben Castellano")
    yield from t.agreed(4)
    yield from t.suspended("parts", "The trunk card arrives by courier", timedelta(hours=3.5), "Nina Osborne", after=30)


def cable(desk: Desk, title: str) -> Script:
    """Critical: management was asked for by the ticket itself."""
    t = Escalated(desk, 24, "Zhang Wei")
    yield from t.verified_call("刘洋", title, "pin", description="全部业务中断，设备告警 LOS", problem_since="刚刚")
    yield from t.triaged("MPLS-8801", "network_interruption", "high", "high", scope="network", critical=True)
    yield from t.signed(after=2)
    yield from t.found()
    yield from t.reached("刘洋确认机房电源正常", after=3)
    yield from t.confirms("account_manager", after=1)
    yield from t.up("环回测试不通，光功率为零", ("our_products",))
    yield from t.signed("Li Na")
    yield from t.news("已定位在海缆登陆站一侧，正在联系维护方", True, after=4, promise_at=desk.now + 12 * MINUTE)


STORIES = [
    ("Latency above 80 ms Perth to Singapore", latency), ("Alarm: primary link down, traffic on backup", wavelength),
    ("Wrong charges for decommissioned ISDN lines", invoices), ("Interconnect trunk group congested", interconnect),
    ("国际专线全部中断", cable),
]  # fmt: skip
