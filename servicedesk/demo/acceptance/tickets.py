"""A ticket in every state for one organisation, and one that has everything."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from channels.sealed import Box
from ledger.actor import Actor
from ledger.models import OutboxMessage
from quality.commands import answer
from servicedesk.demo.acceptance.people import Tenant
from servicedesk.demo.desk import Desk
from servicedesk.demo.director import Script
from servicedesk.demo.ladder import Escalated
from servicedesk.demo.story import Story
from tickets.commands import log, note, plan, resolve, suspend, verify

AGENT, LEAD = "Acceptance Agent", "Acceptance Security lead"
APPROVERS = (("Acceptance Approver, monitoring", "monitoring"),
             ("Acceptance Approver, customer service", "customer_service"))  # fmt: skip
HOUR = timedelta(hours=1)
WALKED = ("triage", "l1", "l2", "l3", "suspended", "closure", "survey", "closed", "cancelled")
DECIDED = {"knowledge_decision": "none", "follow_up_decision": "none"}


def title(tenant: Tenant, what: str) -> str:
    """Return the title by which a ticket of this world is found again."""
    return f"{tenant.name}: {what}"


def scripts(desk: Desk, tenant: Tenant, told: set[str]) -> list[Script]:
    """Return the scripts of one organisation whose title is not in `told` yet."""
    ways = {
        "intake": _early(desk, tenant, "intake", 12), "auth": _early(desk, tenant, "auth", 13),
        "rejected": _early(desk, tenant, "rejected", 30), "restricted": _restricted(desk, tenant),
        "everything": _everything(desk, tenant), **{state: _main(desk, tenant, state) for state in WALKED},
    }  # fmt: skip
    return [script for what, script in ways.items() if title(tenant, what) not in told]


def _caller(tenant: Tenant) -> str:
    return f"Contact {tenant.key} all"


def _early(desk: Desk, tenant: Tenant, state: str, minutes: int) -> Script:
    t = Story(desk, minutes, AGENT)
    yield from t.rings(_caller(tenant), title(tenant, state))
    t.hangs_up("Asked to be called back")
    if state != "intake":
        log.begin_verification(**t.on)
    if state == "rejected":
        verify.reject(reason="out_of_remit", **t.on)


def _main(desk: Desk, tenant: Tenant, state: str) -> Script:
    """Walk the main path until `state`."""
    t, caller = Story(desk, 28, AGENT), _caller(tenant)
    t.approvers = APPROVERS
    yield from t.verified_call(caller, title(tenant, state), "pin" if state == "triage" else "callback")
    if state == "triage":
        return
    yield from t.triaged(f"ACC-{tenant.key}-1", "network_interruption", team="Acceptance L1")
    if state == "cancelled":
        resolve.cancel(reason="No longer wanted", **t.on)
        return
    yield from t.signed()
    yield from t.reached("Spoke with the reporter")
    for tier in ("l2", "l3"):
        if state == "l3" or state == tier:
            criteria = ("specialist",) if tier == "l2" else ("not_known_issue",)
            yield from t.up("Loop test done", criteria, f"Acceptance {tier.upper()}", after=1)
    if state == "suspended":
        yield from t.suspended("customer_request", "The customer asks to wait", 6 * HOUR, caller, 1)
    if state in {"closure", "survey", "closed"}:
        yield from t.resolved("Worn fibre at the port", "Fibre replaced and tested", "hardware", after=2)
    if state in {"survey", "closed"}:
        yield from t.confirmed(caller, after=1)
    if state == "closed":
        yield t.wait(1)
        letter = OutboxMessage.objects.get(entry__chain=t.ticket.chain, topic="mail.survey")
        holder = Actor(kind="link", ref=letter.payload["contact"], name=caller, via="link")
        token = Box("survey").open(letter.payload["token"])
        answer(token=token, rating=4, response_rating=5, comment="Quick", actor=holder, at=t.at)
        resolve.close(**DECIDED, **t.on)


def _restricted(desk: Desk, tenant: Tenant) -> Script:
    t = Story(desk, 20, LEAD)
    yield from t.verified_call(_caller(tenant), title(tenant, "restricted"), kind="security")
    yield from t.triaged(f"ACC-{tenant.key}-1", "security", "high", "medium", team="Acceptance L2")


def _everything(desk: Desk, tenant: Tenant) -> Script:
    """Notes of both sorts, a file, a plan, a promise, an escalation with duties, a pause asked for, firings."""
    t, caller = Escalated(desk, 42, AGENT), _caller(tenant)
    yield from t.verified_call(caller, title(tenant, "everything"))
    yield from t.triaged(f"ACC-{tenant.key}-1", "network_interruption", "high", "high", team="Acceptance L1")
    yield from t.signed()
    yield from t.reached("Spoke with the reporter")
    yield from t.asks("The whole site is down", "customer", caller)
    file = SimpleUploadedFile("trace.txt", b"hop 1 10.0.0.1\nhop 2 *\n", "text/plain")
    yield t.wait(1)
    note.add_progress(body="Trace attached for you", public=True, attachments=[file], **t.on)
    note.add_progress(body="Carrier suspects the hut", public=False, promise_at=desk.now + HOUR, **t.on)
    plan.add_work_item(title="Crew at the hut", owner_user_id=desk.users[AGENT].pk, due_at=desk.now + HOUR, **t.on)
    yield from t.confirms("account_manager")
    yield t.wait(2)
    suspend.request_suspension(
        reason_code="third_party", reason="The crew waits for daylight", until=desk.now + 6 * HOUR, **t.on
    )
