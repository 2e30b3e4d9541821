"""How some of the demonstration's people are reached: added, tested and proved by the commands."""

from datetime import datetime

from accounts.codes import open_code
from accounts.commands.prove_way import TOPIC, prove_way, send_test
from accounts.commands.ways import add_way
from ledger.actor import Actor
from ledger.models import OutboxMessage
from servicedesk.demo import people
from servicedesk.demo.desk import Desk


def make_ways(desk: Desk, at: datetime) -> None:
    """Give everybody of `people.WAYS` the own mailbox first, then what stands there; their tests were sent."""
    for name, further in people.WAYS.items():
        user, actor = desk.users[name], desk.staff(name)
        for channel, address, proved in [("email", user.email, True), *further]:
            _way(user.pk, channel, address, actor, at, proved=proved)
    OutboxMessage.objects.filter(topic=TOPIC, state="pending").update(state="sent")


def _way(user_id: int, channel: str, address: str, actor: Actor, at: datetime, *, proved: bool) -> None:
    """One way; proved by the code of its test where it has one."""
    way, code = add_way(user_id=user_id, channel=channel, address=address, actor=actor, at=at), ""
    if not proved:
        return
    if channel != "push":
        send_test(way_id=way.pk, actor=actor, at=at)
        code = open_code(OutboxMessage.objects.get(topic=TOPIC, payload__way=str(way.uuid)).payload) or ""
        type(way).objects.filter(pk=way.pk).update(test_result="sent")
    prove_way(way_id=way.pk, code=code, actor=actor, at=at)
