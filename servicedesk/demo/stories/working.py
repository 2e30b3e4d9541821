"""The queue of an ordinary day: triage, first line, second, third; some late, some promised."""

from datetime import timedelta

from servicedesk.demo.desk import Desk
from servicedesk.demo.director import Script
from servicedesk.demo.story import Story
from tickets.commands import note, plan, work

MINUTE = timedelta(minutes=1)


def registration(desk: Desk, title: str) -> Script:
    """Dispatched, nobody signed for it: warning and breach have fired."""
    t = Story(desk, 17)
    yield from t.verified_call("Theo Lang", title, "pin", problem_changed="New firewall rules last night")
    yield from t.triaged("HPX-71140", "other", "high", "medium")


def loss(desk: Desk, title: str) -> Script:
    """Fresh in the queue."""
    t = Story(desk, 8, "Niall Byrne")
    yield from t.verified_call("Ross Ingram", title, "pin")
    yield from t.triaged("EPL-30277", "network_degradation", "medium", "high")


def menu(desk: Desk, title: str) -> Script:
    """Signed for, the reporter not yet called."""
    t = Story(desk, 11, "Jordan Price")
    yield from t.verified_call("Cal Whitney", title)
    yield from t.triaged("TF-61007")
    yield from t.signed()


def one_way(desk: Desk, title: str) -> Script:
    """Moved between two first lines, then worked."""
    t = Story(desk, 77, "Lena Vogt")
    yield from t.written("Lucy Harding", title, description="The other side hears nothing for ten seconds")
    yield from t.triaged("HPX-70023", team="Data L1")
    yield t.wait(4)
    t.ticket = work.transfer(team_id=desk.teams["Voice L1"].pk, reason="Media path, not the access line", **t.on)
    yield from t.signed("Priya Raman")
    yield from t.reached("Lucy can repeat it on two phones")
    yield from t.news("Relay used by mobile apps answers late; asked for traces", True, after=20)
    yield from t.news("Trace shows late candidates from the relay in Bristol", after=25)


def fax(desk: Desk, title: str) -> Script:
    """A call back is promised, due in a quarter of an hour."""
    t = Story(desk, 130, "Lena Vogt")
    yield from t.verified_call("Paula Merrin", title)
    yield from t.triaged("AG-1180", "other", "medium", "low")
    yield from t.signed()
    yield from t.reached("Paula sends two failed pages")
    yield from t.news("T.38 falls back to pass-through after page ten", after=30)
    plan.promise(
        kind="callback", due_at=desk.now + 15 * MINUTE, text="Result of the test with error correction", **t.on
    )


def channels(desk: Desk, title: str) -> Script:
    """A request with a promise that is over its time."""
    t = Story(desk, 286)
    yield from t.written("Rosa Kim", title, kind="request", description="Summer campaign begins on the first")
    yield from t.triaged("TF-61007", "other", "low", "medium")
    yield from t.signed(after=30)
    yield from t.reached("Rosa needs a price first")
    note.add_note(body="You get the offer today.", public=True, promise_at=desk.now - 12 * MINUTE, **t.on)


def listing(desk: Desk, title: str) -> Script:
    """A request in the first line, by mail."""
    t = Story(desk, 22 * 60, "Lena Vogt")
    yield from t.written("Petra Simic", title, "email", kind="request", description="Old name printed in two listings")
    yield from t.triaged("NR-5550", "other", "low", "low")
    yield from t.signed(after=50)
    yield from t.reached("Petra names both listings", "left_message")
    yield from t.news("Both listings found, publisher informed", True, after=90)


def extensions(desk: Desk, title: str) -> Script:
    """A request with a due plan item of the customer."""
    t = Story(desk, 24 * 60, "Lena Vogt")
    yield from t.written("Beth Carlow", title, kind="request", description="Two wards move in July")
    yield from t.triaged("HPX-70881", "other", "low", "low")
    yield from t.signed(after=20)
    yield from t.reached("Beth sends the list of names")
    owner = desk.contacts["Beth Carlow"].pk
    plan.add_work_item(
        title="List of names", owner_contact_id=owner, due_at=desk.now + 300 * MINUTE, public=True, **t.on
    )


def tunnel(desk: Desk, title: str) -> Script:
    """All the way to the third line."""
    t = Story(desk, 232, "Jordan Price")
    yield from t.verified_call("Maya Ortiz", title)
    yield from t.triaged("VPN-20990", "network_interruption", "medium", "medium")
    yield from t.signed()
    yield from t.reached("Drops on the hour, five seconds each")
    yield from t.up("Line clean, device log shows rekey on the hour")
    yield from t.signed("Nora Petit")
    yield from t.news("Both ends rekey at once; lifetimes differ", after=25)
    yield from t.up("Lifetimes aligned, still drops", ("not_known_issue",), after=20)
    yield from t.signed("Ines Duarte")
    yield from t.news("Trace running over the hour", after=28)
    yield from t.news("Rekey collides with a monitoring probe", after=28)
    yield from t.news("Probe moved by seven minutes, watching", public=True, after=28)
    yield from t.news("One clean hour, watching a second", public=True, after=28)


def desktops(desk: Desk, title: str) -> Script:
    """In Chinese, second line of the cloud."""
    t = Story(desk, 95, "Zhang Wei")
    yield from t.written("孙浩", title, description="早上九点开始，登录需要三分钟")
    yield from t.triaged("CL-6620", "cloud")
    yield from t.signed()
    yield from t.reached("孙浩提供了三个用户名")
    yield from t.up("重启会话主机后仍然缓慢", team="Cloud L2")
    yield from t.signed("Li Na")
    yield from t.news("配置文件服务器延迟高，正在迁移用户配置", True, after=40)


def flaps(desk: Desk, title: str) -> Script:
    """Third line, by night."""
    t = Story(desk, 150, "Niall Byrne")
    yield from t.verified_call("Piotr Wilk", title)
    yield from t.triaged("IPT-3301", "network_interruption", "medium", "high", scope="multiple")
    yield from t.signed()
    yield from t.reached("Piotr sees resets each ten minutes")
    yield from t.up("Session reset by the peer, no loss on the line", team="Data L2")
    yield from t.signed("Pavel Novak")
    yield from t.up("Optics replaced, resets go on", ("our_products",), after=25)
    yield from t.signed("Viktor Sand")
    yield from t.news("Memory of the line card leaks since the update", after=30)
    yield from t.news("Restart of the card agreed for tonight", True, after=28)


def complaint(desk: Desk, title: str) -> Script:
    """A complaint."""
    t = Story(desk, 300, "Karin Holt")
    yield from t.written("Oliver Grant", title, kind="complaint", description="Nobody came on Monday, Tuesday, Friday")
    t.agent = "Ciara Doyle"
    yield from t.triaged("", "other", "low", "medium")
    yield from t.signed()
    yield from t.reached("Apologised; Oliver wants a fixed window")


def sign_ins(desk: Desk, title: str) -> Script:
    """A security incident: restricted to those who need to know."""
    t = Story(desk, 64, "Yusuf Kaplan")
    yield from t.verified_call("Dee Farouk", title, kind="security", description="Forty failed sign-ins, one good")
    yield from t.triaged("FW-1180", "security", "high", "medium")
    yield from t.signed()
    yield from t.reached("Dee closed the account")
    yield from t.news("Sessions ended, keys rotated, logs kept for the report", after=20)
    yield from t.news("No trace beyond the portal of the firewall", after=25)


def recording(desk: Desk, title: str) -> Script:
    """Waits in triage, by portal."""
    t = Story(desk, 14)
    yield from t.written(
        "Carla Reed", title, description="Calls of yesterday evening are not in the archive", urgent=True
    )


def port(desk: Desk, title: str) -> Script:
    """Waits in triage, by mail."""
    t = Story(desk, 55)
    yield from t.written("Frank Duval", title, "email", description="Ten numbers rejected by the other carrier")


STORIES = [
    ("SIP registration lost after firewall change", registration), ("Packet loss 8% on Leeds branch link", loss),
    ("Toll-free number reaches wrong menu", menu), ("One-way audio on calls from mobile apps", one_way),
    ("Fax over IP fails for pages above 10", fax), ("Add 20 concurrent channels before 1 July", channels),
    ("Directory listing shows old trading name", listing), ("Add 12 extensions at Bacchus Marsh", extensions),
    ("VPN tunnel drops each hour on the hour", tunnel), ("云桌面登录缓慢", desktops),
    ("BGP session resets every ten minutes", flaps), ("Third missed appointment this week", complaint),
    ("Suspicious sign-ins on the managed firewall", sign_ins), ("Recordings of dispatch calls are missing", recording),
    ("Number port rejected", port),
]  # fmt: skip
