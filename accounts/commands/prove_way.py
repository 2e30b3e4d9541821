"""Testing a way and proving it by the code the test brought."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.codes import seal
from accounts.commands.ways import locked_way, record_way
from accounts.models import ContactMethod
from ledger.actor import Actor
from ledger.clock import real_now
from ledger.errors import Refused
from ledger.models import OutboxMessage

TOPIC = "way.test"
LIFETIME = timedelta(minutes=15)
PAUSE = timedelta(seconds=30)
TRIES = 5


@transaction.atomic
def send_test(*, way_id: int, actor: Actor, at: datetime) -> ContactMethod:
    """Send a test by this way, with a code that proves it when typed within 15 minutes.

    Raises Refused: unknown_way, no_test (the browser tests its own), just_tested (once in 30 s).
    """
    way = locked_way(way_id, actor)
    if way.channel == ContactMethod.Channel.PUSH:
        raise Refused("no_test", _("A desktop notification is tested by the browser itself."))
    if way.tested_at is not None and real_now() - way.tested_at < PAUSE:
        raise Refused("just_tested", _("A test went out a moment ago. Wait half a minute."))
    code = f"{secrets.randbelow(10**6):06d}"
    way.code_sha256, way.code_until, way.code_tries = _hash(way, code), real_now() + LIFETIME, 0
    way.tested_at, way.test_result, way.test_error = real_now(), "", ""
    way.save()
    entry = record_way("staff.way_tested", way, actor, at)
    payload = {"way": str(way.uuid), "code": seal(code)}
    OutboxMessage.objects.create(entry=entry, topic=TOPIC, payload=payload, priority=1, due_at=real_now())
    return way


def prove_way(*, way_id: int, code: str, actor: Actor, at: datetime) -> ContactMethod:
    """Count on a way from now on: its test arrived, as the code shows. A wrong code is counted even so.

    A desktop notification needs no code: the browser signed in is the person's.
    Nobody proves a way for somebody else: whoever answers it confirms in that person's name.
    Raises Refused: unknown_way, not_yours, no_test, wrong_code, too_many_tries.
    """
    with transaction.atomic():
        way = locked_way(way_id, actor)
        if actor.user_id != way.user_id:
            raise Refused("not_yours", _("Only the person whose way it is can prove it."), field="code")
        if way.channel == ContactMethod.Channel.PUSH:
            return way if way.verified_at is not None else _count_on(way, actor, at)
        if way.code_until is None or way.code_until <= real_now():
            raise Refused("no_test", _("Send a test first: a code is good for 15 minutes."), field="code")
        if way.code_tries >= TRIES:
            raise Refused("too_many_tries", _("Too many wrong codes. Send a new test."), field="code")
        if secrets.compare_digest(way.code_sha256, _hash(way, code.strip().replace(" ", ""))):
            return _count_on(way, actor, at)
        way.code_tries += 1
        way.save(update_fields=["code_tries"])
    raise Refused("wrong_code", _("That is not the code of the last test."), field="code")


def _count_on(way: ContactMethod, actor: Actor, at: datetime) -> ContactMethod:
    way.verified_at, way.code_sha256, way.code_until = at, "", None
    way.save(update_fields=["verified_at", "code_sha256", "code_until"])
    record_way("staff.way_proved", way, actor, at)
    return way


def _hash(way: ContactMethod, code: str) -> str:
    return hashlib.sha256(f"{way.uuid}:{code}".encode()).hexdigest()
