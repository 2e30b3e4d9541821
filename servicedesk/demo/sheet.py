"""What a person needs to look around: sign-ins for the launcher, PINs and answers for playing the caller."""

import json
from pathlib import Path

from django.conf import settings
from knox.models import AuthToken

from accounts.models import User
from escalation.oncall import on_duty_manager
from ledger import clock
from servicedesk.demo import people
from servicedesk.demo.customers import ANSWERS, CLIENTS, PINS, QUESTION

PASSWORD = "halden-demo-2026"  # noqa: S105
SIGN_INS = "demo_signins.json"
SHEET = "demo_sheet.txt"
SEATS = [
    ("Agent, Voice L1", "Priya Raman", "/desk/"), ("Agent, Voice L2", "Tom Okafor", "/desk/my-day/"),
    ("Supervisor", "Karin Holt", "/supervisor/"), ("Duty manager", "", "/supervisor/"),
    ("Approver, monitoring", "Hana Sato", "/supervisor/approvals/"),
    ("Approver, customer service", "Diego Marin", "/supervisor/approvals/"),
    ("Account manager", "Daniel Hartley", "/desk/"), ("Security lead", "Yusuf Kaplan", "/desk/"),
    ("Quality reviewer", "Wendy Okoro", "/desk/"), ("Administrator", "Alex Morgan", "/admin/"),
]  # fmt: skip
GUESTS = [
    ("Customer, CIO", "joanne.priest@northgate.example"), ("Customer, reports only", "beth.carlow@northgate.example"),
    ("Customer, in Chinese", "wang.fang@hudong.example"),
]  # fmt: skip


def sign_ins() -> list[dict[str, str]]:
    """Return one flat object per seat, for the launcher: role, email, password, page."""
    by_name = {person.name: person.email for person in people.STAFF}
    on_duty = on_duty_manager(clock.now()).user
    rows = [
        (role, by_name[name] if name else on_duty.email if on_duty else by_name["Sofia Lindqvist"], page)
        for role, name, page in SEATS
    ]
    rows += [(role, email, "/portal/") for role, email in GUESTS]
    return [{"role": role, "email": email, "password": PASSWORD, "page": page} for role, email, page in rows]


def write_sign_ins() -> Path:
    """Write the list the launcher prints; return its path."""
    path = settings.DATA_DIR / SIGN_INS
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(sign_ins(), indent=1, ensure_ascii=False))
    return path


def write_sheet(integration: User) -> Path:
    """Make a token for the service account and write it down with every caller's PIN and answer; return the path."""
    _row, token = AuthToken.objects.create(user=integration)
    lines = [
        "Demonstration sheet: what callers know. Never use any of it outside a demonstration.", "",
        f"Token of {integration.name}: {token}", f"Security question: {QUESTION}", "",
    ]  # fmt: skip
    for number, client in enumerate(CLIENTS):
        pin, answer = PINS[number % len(PINS)], ANSWERS[number % len(ANSWERS)]
        lines.append(f"{client.name} · account number {client.account} · PIN {pin} · answer {answer}")
        lines += [f"    {who.name}, {who.job}, {who.number}" for who in client.people]
    path = settings.DATA_DIR / SHEET
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")
    path.chmod(0o600)
    return path
