"""Two major incidents: the voice core, running for 22 minutes, and a router of last week, restored and reviewed."""

from datetime import timedelta

from catalogue.models import Service
from servicedesk.demo.desk import Desk
from servicedesk.demo.director import Script
from servicedesk.demo.stories.hero import STORIES as HERO
from tickets.commands import major_impact, major_news, major_people, major_review, major_steps
from tickets.commands.major_declare import Declaration, declare_major
from tickets.commands.major_restore import restore_major
from tickets.commands.major_update import publish_update
from tickets.models import Ticket

DAY = 24 * 60
VOICE = {"en": "Inbound calls fail in Melbourne", "zh-hans": "墨尔本来电无法接通"}
ROUTER = {"en": "Internet lines in Melbourne interrupted", "zh-hans": "墨尔本互联网线路中断"}


def voice_core(desk: Desk, title: str) -> Script:
    """Declared from the hospitals' ticket, news sent twice, the cause is known, the next news is due soon."""
    yield desk.ago(22)
    sofia, ben, lena = (desk.staff(name) for name in ("Sofia Lindqvist", "Ben Castellano", "Lena Vogt"))
    hospitals = Ticket.objects.get(title=HERO[0][0])
    incident = declare_major(
        declaration=Declaration(
            title=title, public_titles=VOICE, service_ids=[desk.services["VT-88120"].pk],
            commander_id=desk.users["Ben Castellano"].pk, bridge_url="https://bridge.halden.example/voice-core",
            since=desk.ago(44),
        ),
        ticket_id=hospitals.pk, actor=sofia, at=desk.ago(22),
    )  # fmt: skip
    on = {"incident_id": incident.pk}
    for part, name in (("technical", "Mei-Ling Tan"), ("communications", "Lena Vogt"), ("log", "Priya Raman")):
        major_people.add_role(part=part, user_id=desk.users[name].pk, actor=sofia, at=desk.ago(22), **on)
    yield desk.ago(21)
    words = ("Some inbound calls to hosted voice and SIP trunks fail. Our voice and network teams work on it.",
             "部分语音中继来电失败，语音和网络团队正在处理。")  # fmt: skip
    _say(on, "investigating", *words, lena, desk.ago(21))
    yield desk.ago(16)
    text = "Cause: change CHG-2207 removed G.711 A-law from the profile of SBC-MEL-02"
    major_news.write_log(text=text, actor=ben, at=desk.ago(16), **on)
    yield desk.ago(11)
    for service in Service.objects.filter(type="voice", organisation__region="au").exclude(service_id="VT-88120")[:3]:
        major_impact.add_service(
            service_id=service.pk, reason="Same trunk profile", actor=sofia, at=desk.ago(11), **on
        )  # fmt: skip
    yield desk.ago(10)
    words = ("The cause is found. Half of the lines take calls again, rerouted; for the rest we take a change back.",
             "已找到原因，一半线路经改道恢复，其余线路正在回退变更。")  # fmt: skip
    _say(on, "restoring", *words, lena, desk.ago(10))
    yield desk.ago(4)
    major_news.write_log(text="Rollback package ready, waits for emergency approval", actor=ben, at=desk.ago(4), **on)


def router(desk: Desk, title: str) -> Script:
    """Over after 70 minutes, eight days ago; reviewed, one of two prevention actions is done."""
    begin = 8 * DAY
    yield desk.ago(begin)
    sofia, ben = desk.staff("Sofia Lindqvist"), desk.staff("Ben Castellano")
    services = [desk.services["EPL-30340"].pk, desk.services["VPN-20533"].pk]
    incident = declare_major(
        declaration=Declaration(title=title, public_titles=ROUTER, severity=2, service_ids=services,
                                commander_id=desk.users["Ben Castellano"].pk),
        actor=sofia, at=desk.ago(begin),
    )  # fmt: skip
    on = {"incident_id": incident.pk}
    yield desk.ago(begin - 3)
    words = (
        "Some internet lines are interrupted. Our network team is on site.",
        "部分互联网线路中断，网络团队已到现场。",
    )
    _say(on, "investigating", *words, sofia, desk.ago(begin - 3))
    yield desk.ago(begin - 30)
    words = ("A router lost its routes; we load them again.", "路由器丢失路由，正在重新加载。")
    _say(on, "identified", *words, sofia, desk.ago(begin - 30))
    yield desk.ago(begin - 70)
    bodies = {
        "en": "All lines work again. We are sorry for the interruption.",
        "zh-hans": "全部线路已恢复，抱歉造成不便。",
    }
    restore_major(bodies=bodies, evidence="Pings and test transfers pass on all lines", actor=ben,
                  at=desk.ago(begin - 70), **on)  # fmt: skip
    yield desk.ago(6 * DAY)
    major_review.begin_review(actor=sofia, at=desk.ago(6 * DAY), **on)
    first = major_steps.add_prevention(
        title="Keep a copy of the routing table outside the router", owner_user_id=desk.users["Tom Okafor"].pk,
        due_at=desk.ago(2 * DAY), actor=sofia, at=desk.ago(6 * DAY), **on,
    )  # fmt: skip
    major_steps.add_prevention(
        title="Alarm when the number of routes falls by a tenth", owner_team_id=desk.teams["Network operations"].pk,
        due_at=desk.now + timedelta(days=9), actor=sofia, at=desk.ago(6 * DAY), **on,
    )  # fmt: skip
    yield desk.ago(5 * DAY)
    major_review.save_review(
        summary="A core router lost its routing table after a restart and came back empty.", cause_code="software",
        cause="The table was kept in memory only since the upgrade in spring.",
        went_well="News every half hour, nobody had to ask.",
        went_badly="The router answered pings, so the alarm came from customers.",
        actor=sofia, at=desk.ago(5 * DAY), **on,
    )  # fmt: skip
    major_review.complete_review(actor=sofia, at=desk.ago(5 * DAY), **on)
    yield desk.ago(3 * DAY)
    major_steps.finish_step(
        item_id=first.pk, evidence="Copied to the archive each hour since Monday", actor=desk.staff("Tom Okafor"),
        at=desk.ago(3 * DAY),
    )  # fmt: skip


def _say(on, phase: str, words: str, chinese: str, actor, at) -> None:
    publish_update(phase=phase, bodies={"en": words, "zh-hans": chinese}, actor=actor, at=at, **on)


STORIES = [
    ("Voice core rejects inbound calls after codec change", voice_core),
    ("Core router in Docklands lost its routes", router),
]
