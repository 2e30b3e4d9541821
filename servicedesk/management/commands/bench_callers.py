"""How fast is a caller found? Fills a scratch database, measures each kind of search, drops it (issue 2, item 4)."""

import os
import random
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from accounts.actors import actor_for
from accounts.models import Contact, RoleGrant, User
from catalogue.queries import find_customers

FIRST = "Ada Al Bea Carlos Chen Dee Elena Farid Grace Hana Ivan Jamal Kira Liam Mei Noor Olga Priya Quinn Rosa Sena Tara".split()  # noqa: E501, SIM905
LAST = "Lund Ortiz Farouk Raman Lindqvist Tan Okafor Hartley Dlamini Moss Gomes Stone Adeyemi Vaile Strand Petrov Muir Novak Silva Wong".split()  # noqa: E501, SIM905

FILL = """
INSERT INTO accounts_organisation (uuid, name, account_number, service_category, segment, region, time_zone, language,
    production, status, created_at)
  SELECT gen_random_uuid(), (%(last)s::text[])[1 + (i * 7) %% 20] || ' ' || (%(first)s::text[])[1 + i %% 22]
    || ' Group ' || md5('o' || i)::varchar(6), 'A-' || (100000 + i), 'enterprise', 'general',
    (ARRAY['au','eu','us'])[1 + i %% 3],
    'UTC', 'en', false, 'active', now() FROM generate_series(1, %(n)s / 20) i;
INSERT INTO accounts_contact (uuid, organisation_id, name, job_title, email, preferred_channel, language, may_report,
    may_change, may_approve, may_escalate, pin_hash, active, created_at)
  SELECT gen_random_uuid(), 1 + i %% (%(n)s / 20), (%(first)s::text[])[1 + (i * 13) %% 22] || ' '
    || (%(last)s::text[])[1 + (i / 22) %% 20] || ' ' || initcap(translate(md5('c' || i)::varchar(7), '0123456789',
    'ghijklmnop')), '', 'p' || i || '@org' || (i %% (%(n)s / 20)) || '.example', 'email', 'en', true, false, false,
    false, '', true, now() FROM generate_series(1, %(n)s) i;
INSERT INTO accounts_contactphone (uuid, contact_id, number, label)
  SELECT gen_random_uuid(), id, '+6135' || lpad(id::text, 7, '0'), '' FROM accounts_contact;
INSERT INTO catalogue_service (uuid, service_id, organisation_id, type, name, state, criticality, segment,
    monitoring_keys, remote_access, complete)
  SELECT gen_random_uuid(), 'EPL-' || (10000 + i), 1 + i %% (%(n)s / 20), 'network', 'Line', 'up', 3, '', '{}', '', true
    FROM generate_series(1, %(n)s) i;
"""


@contextmanager
def scratch(name: str) -> Iterator[None]:
    """Create database `name`, migrate it, point the connection at it, and drop it in the end."""
    home = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    _point_at(name)
    try:
        call_command("migrate", interactive=False, verbosity=0)
        yield
    finally:
        _point_at(home)
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def visiting(name: str) -> Iterator[None]:
    """Point the connection at database `name`, which stays."""
    home = connection.settings_dict["NAME"]
    _point_at(name)
    try:
        yield
    finally:
        _point_at(home)


def _point_at(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def questions(kind: str, chance: random.Random, people: list[Contact]) -> str:
    """Return one thing an agent may type for `kind` of search."""
    who = chance.choice(people)
    number = f"5{who.pk:07d}"
    return {
        "number": f"+613 {number[:4]} {number[4:]}",
        "national number": f"(03) {number[:4]} {number[4:]}",
        "e-mail": who.email,
        "e-mail prefix": who.email[:5] + "@",
        "account number": f"A-{100000 + chance.randrange(1, 5000)}"[: chance.choice([5, 8])],
        "service ID": f"epl-{10000 + chance.randrange(100000)}",
        "full name": who.name,
        "name prefix": who.name[: chance.randrange(2, 8)],
        "last name": who.name.split()[1],
        "name misspelt": who.name[:-2] + "xx",
        "organisation": who.organisation.name,
        "nobody": f"zq{chance.randrange(10**6)}y",
    }[kind]


KINDS = (
    "number", "national number", "e-mail", "e-mail prefix", "account number", "service ID", "full name", "name prefix",
    "last name", "name misspelt", "organisation", "nobody",
)  # fmt: skip


class Command(BaseCommand):
    """`manage.py bench_callers [--contacts N] [--rounds N]`: p50 and p95 per kind of search, in milliseconds."""

    help = "Measure finding a caller at 100,000 contacts, in a database of its own. Refused in production."

    def add_arguments(self, parser: Any) -> None:
        """How many contacts, how many searches of each kind."""
        parser.add_argument("--contacts", type=int, default=100_000)
        parser.add_argument("--rounds", type=int, default=100)

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill, measure, print; exit non-zero when a p95 reaches 50 ms."""
        if settings.IS_PRODUCTION:
            raise CommandError("Refused in production. Set DESK_ENV=demo or test.")
        with scratch(f"bench_callers_{os.getpid()}"):
            with connection.cursor() as cursor:
                cursor.execute(FILL, {"n": options["contacts"], "first": FIRST, "last": LAST})
                cursor.execute("VACUUM ANALYZE")  # as autovacuum leaves it: no pending list in the GIN indexes
            slow = self._measure(options["rounds"])
        if slow:
            raise CommandError(f"p95 of 50 ms or more: {', '.join(slow)}")

    def _measure(self, rounds: int) -> list[str]:
        """Print a line per kind and return the kinds that are too slow."""
        user = User.objects.create_user("bench@desk.example", None, name="Bench", kind="staff")
        RoleGrant.objects.create(user=user, role="agent", region="au")
        RoleGrant.objects.create(user=user, role="agent", region="eu")
        actor, chance, slow = actor_for(user), random.Random(1), []
        visible = Contact.objects.visible_to(actor).select_related("organisation")
        people = list(visible.order_by("uuid")[:2000])
        for kind in KINDS:
            taken = []
            for text in [questions(kind, chance, people) for _ in range(rounds)]:
                start = time.perf_counter()
                find_customers(text, actor)
                taken.append((time.perf_counter() - start) * 1000)
            p95 = statistics.quantiles(taken, n=20)[-1]
            self.stdout.write(f"{kind:16} p50 {statistics.median(taken):6.1f} ms  p95 {p95:6.1f} ms")
            slow += [kind] if p95 >= 50 else []
        return slow
