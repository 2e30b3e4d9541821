"""Two organisations with one of everything, canaries in every text of A, and people on both sides of the wall."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import unified_diff
from typing import Any

from django.db import connection
from django.test import Client

from accounts.models import AccountTeamMember, RoleGrant, Team, TeamMembership, User
from servicedesk.desk.planned_acts import ACTS as WINDOW_ACTS
from servicedesk.desk.problem_acts import ACTS as PROBLEM_ACTS
from servicedesk.desk.registry import FORMS
from servicedesk.portal.acts import ACTS
from servicedesk.supervisor.actions import DUTY_ACTIONS, ESCALATION_ACTIONS
from servicedesk.web.routes import Route, routes

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
CANARY = "KANARIENVOGEL"
ABSENT = "01890000-0000-7000-8000-0000000000ff"
NOBODY = "SD-999999"
HOUSEKEEPING = {"django_session", "usersessions_usersession"}
OF_API = {"organisations": "organisation", "contacts": "contact", "sites": "site", "services": "service",
          "entitlements": "entitlement", "notes": "note_internal", "work-items": "work_item",
          "commitments": "commitment", "interactions": "interaction", "escalations": "escalation", "clocks": "clock",
          "major-incidents": "major", "firings": "firing", "notifications": "notification",
          "fault-reports": "report", "rosters": "roster", "handovers": "handover",
          "simulations": "simulation", "maintenances": "maintenance", "problems": "problem"}  # fmt: skip
OF_PAGE = {"/desk/reports/": "report", "/files/": "attachment", "/desk/my-day/calls/": "call", "/desk/calls/": "call",
           "/desk/customers/": "organisation", "/supervisor/escalations/": "escalation", "/supervisor/duties/": "duty",
           "/supervisor/rosters/overrides/": "override", "/supervisor/rosters/": "roster",
           "/desk/on-call/swaps/": "swap", "/desk/appointments/": "appointment",
           "/desk/major-incidents/": "major",
           "/supervisor/approvals/maintenance/": "maintenance", "/desk/maintenance/": "maintenance",
           "/desk/problems/": "problem", "/portal/planned/": "maintenance",
           "/supervisor/approvals/": "suspension", "/supervisor/handover/": "handover"}  # fmt: skip
SLUGS = {
    "/portal/tickets/<str:number>/<slug:slug>/": list(ACTS),
    "/desk/tickets/<str:number>/conflict/<slug:slug>/": [FORMS[0].slug, FORMS[-1].slug],
    "/supervisor/escalations/<uuid:uuid>/<slug:command>/": list(ESCALATION_ACTIONS),
    "/supervisor/duties/<uuid:uuid>/<slug:command>/": list(DUTY_ACTIONS),
    "/supervisor/rosters/<uuid:uuid>/<slug:command>/": ["layer", "end-layer", "facts", "retire"],
    "/supervisor/handover/<uuid:uuid>/<slug:command>/": [
        "note",
        "part-note",
        "spoken",
        "remark",
        "refresh",
        "sign",
        "accept",
    ],
    "/supervisor/shifts/break/<slug:command>/": ["begin", "end"],
    "/desk/on-call/swaps/<uuid:uuid>/<slug:command>/": ["accept", "decline", "withdraw"],
    "/desk/major-incidents/<uuid:uuid>/do/<slug:command>/": ["restore", "affect", "close"],
    "/desk/maintenance/<uuid:uuid>/<slug:command>/": list(WINDOW_ACTS),
    "/desk/problems/<uuid:uuid>/<slug:command>/": list(PROBLEM_ACTS),
    "/supervisor/policies/<slug:slug>/": ["fault_handling", "none"],
    "/supervisor/policies/<slug:slug>/rules.csv": ["fault_handling"],
    "/supervisor/policies/<slug:slug>/versions/": ["fault_handling"],
    "/supervisor/policies/<slug:slug>/move/": ["fault_handling"],
    "/supervisor/policies/<slug:slug>/reading/<slug:command>/": ["ask", "read", "decline"],
}
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")


@dataclass
class World:
    """A's ids by kind, a signed-in client by name, and who of them stands outside of A."""

    ids: dict[str, str]
    own_number: str
    addresses: tuple[str, ...] = ()
    clients: dict[str, Client] = field(default_factory=dict)
    outside: tuple[str, ...] = ("customer of B", "agent of another region", "ladder of B", "token of B", "stranger")
    inside: tuple[str, ...] = ("agent", "supervisor", "approver", "customer of A", "token of A", "token of all")


def ours() -> list[Route]:
    """Every URL that is our code, links by token and static sheets aside."""
    apart = ("/accounts/", "/admin/", "/c/", "/s/", "/a/", "/status/", "/language/")
    return [route for route in routes() if not route.pattern.startswith(apart) and ".<format>" not in route.pattern
            and "(?P<format>" not in route.pattern]  # fmt: skip


def with_parameters() -> list[Route]:
    """The URLs that name an object."""
    everybodys = (  # no customer's: rules, the engine, and our own people
        "/api/v1/policies/", "/supervisor/policies/", "/supervisor/engine/", "/supervisor/locks/", "/desk/reach/",
        "/desk/absences/", "/supervisor/people/", "/supervisor/teams/", "/supervisor/shifts/", "/api/v1/absences/",
        "/api/v1/staff/", "/desk/views/",
    )  # fmt: skip
    named = [route for route in ours() if {"uuid", "number"} & set(route.parameters)]
    return [route for route in named if not route.pattern.startswith(everybodys)]


def addresses(pattern: str, ids: dict[str, str]) -> Iterator[str]:
    """Every path of a pattern for these ids; one for each slug it knows."""
    kind = next((k for start, k in OF_PAGE.items() if pattern.startswith(start)), "")
    if pattern.startswith("/api/v1/"):
        kind = OF_API.get(pattern.split("/")[3], "")
    for slug in SLUGS.get(pattern, [""]):
        known = {"number": ids["number"], "uuid": ids.get(kind, ABSENT), "slug": slug, "command": slug,
                 "clock_uuid": ids.get("why_clock", ABSENT), "code": ids.get("why_code", "X-0")}  # fmt: skip
        yield PARAMETER.sub(lambda m, known=known: known[m[1] or m[2]], pattern).replace("\\", "")


def words_of(answer: Any, ids: dict[str, str]) -> tuple[int, str]:
    """Status and body without what differs between two askings: ids asked for, form tokens, references, the hour."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = body.decode("utf-8", "replace") + answer.headers.get("Location", "")
    for known in sorted({*ids.values(), ABSENT, NOBODY}, key=len, reverse=True):
        text = text.replace(known, "ID")
    text = re.sub(r"\b[A-Za-z0-9]{64}\b|\b[A-Za-z0-9]{32}\b|\b[0-9a-f]{12}\b", "TOKEN", text)
    text = re.sub(r"name=\"once\" value=\"[^\"]*\"", "ONCE", text)
    return answer.status_code, re.sub(r"\d\d?:\d\d(:\d\d)?(\.\d+)?", "TIME", text)


def differences(one: tuple[int, str], other: tuple[int, str]) -> list[str]:
    """The lines in which two answers differ; the status is the first line."""
    lines = [[str(status), *text.splitlines()] for status, text in (one, other)]
    return [line[:400] for line in unified_diff(*lines, n=0, lineterm="")]


def writes() -> dict[str, tuple[int, ...]]:
    """Rows inserted, changed and removed by this transaction so far, by table; rolled back ones count too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname, n_tup_ins, n_tup_upd, n_tup_del from pg_stat_xact_user_tables "
            "where n_tup_ins + n_tup_upd + n_tup_del > 0"
        )
        return {row[0]: row[1:] for row in cursor.fetchall() if row[0] not in HOUSEKEEPING}


def signed_in(email: str) -> Client:
    """A browser of this user; a page that fails answers 500 as in production."""
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(email=email), backend=BACKEND)
    return client


def with_token(token: str) -> Client:
    """A client of the API."""
    return Client(raise_request_exception=False, headers={"Authorization": f"Bearer {token}"})


def outsiders() -> tuple[str, str]:
    """An agent of B's region in a team of its own, and a deputy in B's account team without a role: addresses."""
    agent = User.objects.create_user("far@desk.example", None, name="Far Agent", kind="staff")
    RoleGrant.objects.create(user=agent, role="agent", region="eu")
    TeamMembership.objects.create(user=agent, team=Team.objects.create(name="Far L1", tier="l1", region="eu"))
    manager = User.objects.create_user("ladder@desk.example", None, name="Ladder Of B", kind="staff")
    rungs = AccountTeamMember.objects.filter(organisation__account_number="ACC-B-001")
    rungs.filter(role="account_manager").update(deputy=manager)
    return agent.email, manager.email
