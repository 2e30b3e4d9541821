"""Rows of a storm: many clocks with a ticket each, real people on real rosters, all due at one instant."""

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Model

from accounts.models import AccountTeamMember, Organisation, RoleGrant, User
from accounts.models.staff import LadderRole
from escalation.models import Clock, Policy, PolicyVersion, RosterSlot, Segment, Timer
from escalation.seed import publish
from ledger import clock
from tickets.models import Ticket

CODES = ("S-1", "S-2")
TARGETS = ("supervisor", LadderRole.ACCOUNT_MANAGER.value)
REGIONS = ("au", "eu", "us")
SHIFTS, CUSTOMERS, OWNERS = 4, 200, 40
REPEAT_S = 1800
STRETCHES = 20_000  # firing never reads them, and a million take minutes under their exclusion constraint
FAR = timedelta(days=30)
PERIOD = timedelta(days=60)
SHAPE = {
    "key": "storm",
    "conditions": {},
    "rules": [
        {"code": code, "label": "Progress", "anchor": "start", "offset_s": REPEAT_S, "repeat_s": REPEAT_S,
         "pausable": True, "stop_on": ["resolved"], "targets": [target]}
        for code, target in zip(CODES, TARGETS, strict=True)
    ],
}  # fmt: skip
_DUE = """
UPDATE esc_timer t SET due_at = %(at)s, wake_at = %(at)s, nominal_at = %(at)s,
  at_us = (extract(epoch FROM %(at)s - c.running_since) * 1000000)::bigint
FROM esc_clock c WHERE c.id = t.clock_id AND t.id IN (
  SELECT id FROM esc_timer WHERE state = 'armed' AND due_at > desk_now() ORDER BY id LIMIT %(many)s)
"""


def fill(*, armed: int, due: int, lead: timedelta, chat: str = "") -> datetime:
    """Fill an empty database with `armed` timers, `due` of them due `lead` from the end of it; return that instant.

    Every timer has a clock and a ticket of its own. Half call the supervisor on shift in the customer's region (a
    roster), half the customer's account manager (account team), each by screen and mail, and by `chat` where that is an
    address: three notifications a firing then. Each firing arms the next occurrence.
    """
    now = clock.database_now()
    version = _published(now)
    customers = _people(now, chat)
    ticket = Ticket.objects.create(
        number="SB-0000000",
        channel="call",
        title="Storm",
        received_at=now,
        organisation_id=customers[0],
        state="intake",
    )
    owners = list(User.objects.filter(email__startswith="owner").order_by("pk").values_list("pk", flat=True))
    number = "'SB-' || lpad(i::text, 7, '0')"
    _repeat(ticket, armed, number=number, uuid="gen_random_uuid()", organisation_id=_pick(customers),
            owner_id=_pick(owners))  # fmt: skip
    one = Clock.objects.create(
        subject_kind="ticket", subject_id=0, ticket=ticket, kind="storm", version=version, started_at=now,
        running_since=now,
    )  # fmt: skip
    _repeat(one, armed, uuid="gen_random_uuid()", subject_id=f"{ticket.pk} + i", ticket_id=f"{ticket.pk} + i")
    stretch = Segment.objects.create(clock=one, seq=1, from_at=now, running=True, why="started")
    _repeat(stretch, min(armed, STRETCHES), clock_id=f"{one.pk} + i")
    rules = {rule.code: rule.pk for rule in version.rules.all()}
    timer = Timer.objects.create(
        clock=one, rule_id=rules[CODES[0]], rule_code=CODES[0], at_us=FAR // timedelta(microseconds=1),
        nominal_at=now + FAR, due_at=now + FAR, wake_at=now + FAR,
    )  # fmt: skip
    _repeat(timer, armed, clock_id=f"{one.pk} + i", rule_id=_pick([rules[code] for code in CODES]),
            rule_code=f"(ARRAY{list(CODES)})[1 + i %% {len(CODES)}]")  # fmt: skip
    for row in (timer, stretch, one, ticket):
        row.delete()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE esc_timer, esc_clock, tickets_ticket, accounts_user, accounts_organisation")
    return make_due(due, lead)


def make_due(many: int, lead: timedelta) -> datetime:
    """Move the `many` oldest armed timers to one instant `lead` from now, and return it."""
    at = clock.database_now() + lead
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"at": at, "many": many})
        if many > 1:
            cursor.execute("VACUUM esc_timer")
    return at


def _published(now: datetime) -> PolicyVersion:
    policy = Policy.objects.create(key="storm", name="Storm", subject="ticket")
    return publish(policy, SHAPE, at=now)


def _people(now: datetime, chat: str) -> list[int]:
    """Make owners, supervisors on rosters by region, account managers by customer; return the customers."""
    _users("owner", OWNERS, chat)
    supervisors = _users("shift", SHIFTS * len(REGIONS), chat)
    RoleGrant.objects.bulk_create(RoleGrant(user=user, role="supervisor") for user in supervisors)
    for number, region in enumerate(REGIONS):
        RosterSlot.objects.bulk_create(
            RosterSlot(role="supervisor", scope=f"region:{region}", slot=slot + 1, during=(now - PERIOD, now + PERIOD),
                       user=supervisors[number * SHIFTS + slot])
            for slot in range(SHIFTS)
        )  # fmt: skip
    customers = Organisation.objects.bulk_create(
        Organisation(name=f"Bench {n}", account_number=f"B-{n}", service_category="enterprise", created_at=now,
                     region=REGIONS[n % len(REGIONS)])
        for n in range(CUSTOMERS)
    )  # fmt: skip
    managers = _users("account", OWNERS, chat)
    AccountTeamMember.objects.bulk_create(
        AccountTeamMember(organisation=customer, role=LadderRole.ACCOUNT_MANAGER, user=managers[n % OWNERS])
        for n, customer in enumerate(customers)
    )
    return [customer.pk for customer in customers]


def _users(word: str, many: int, chat: str) -> list[User]:
    return User.objects.bulk_create(
        User(email=f"{word}{n}@bench.example", name=f"{word} {n}", kind="staff", password="!", chat_url=chat)
        for n in range(many)
    )  # fmt: skip


def _pick(keys: list[int]) -> str:
    """SQL of one of `keys`, in turn."""
    return f"(ARRAY{keys})[1 + i %% {len(keys)}]"


def _repeat(row: Model, many: int, **changed: str) -> None:
    """Write `many` copies of a saved row, numbered i from 1, their keys after its own; `changed`: column → SQL."""
    fields = [f for f in row._meta.concrete_fields if not f.generated]
    values = {f.column: changed.get(f.attname, f'o."{f.column}"') for f in fields}
    key = row._meta.pk.column if row._meta.pk else "id"
    values[key] = f"{row.pk} + i"
    table, columns = row._meta.db_table, ", ".join(f'"{name}"' for name in values)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" ({columns}) SELECT {", ".join(values.values())} FROM "{table}" o,'
            f' generate_series(1, %s) i WHERE o."{key}" = %s',
            [many, row.pk],
        )
        # Not setval: that is the owner's.
        cursor.execute(
            f"SELECT max(nextval(pg_get_serial_sequence('{table}', '{key}'))) FROM generate_series(1, %s)", [many]
        )
