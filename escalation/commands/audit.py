"""The nightly audit: what should have fired on a day, worked out from the ledger alone, against what did."""

import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall

from django.db import transaction

from escalation.models import Alarm, Audit
from escalation.simulator.auditing import Finding, audit_between
from ledger.actor import SYSTEM
from ledger.record import record

LISTED = 200
NAMED = 5


def audit_day(*, on: date, at: datetime) -> Audit:
    """Audit one day (UTC), keep the result and raise an alarm for any difference; a day is audited once.

    Reads outside the transaction, so a long audit locks nothing.
    """
    known = Audit.objects.filter(on=on).first()
    if known is not None:
        return known
    began = time.perf_counter()
    first = datetime.combine(on, wall(), UTC)
    report = audit_between(first, min(first + timedelta(days=1), at))
    took = int((time.perf_counter() - began) * 1000)
    return _keep(on, report.tickets, report.firings, report.findings, took, at)


@transaction.atomic
def _keep(on: date, tickets: int, firings: int, findings: list[Finding], took_ms: int, at: datetime) -> Audit:
    kept, new = Audit.objects.get_or_create(
        on=on,
        defaults={
            "audited_at": at, "tickets": tickets, "firings": firings, "found": len(findings), "took_ms": took_ms,
            "differences": [one.as_dict() for one in findings[:LISTED]],
        },
    )  # fmt: skip
    if not new:
        return kept
    if findings:
        named = "; ".join(one.sentence for one in findings[:NAMED])
        Alarm.objects.create(
            kind=Alarm.Kind.AUDIT, detail=f"{on.isoformat()}: {len(findings)}. {named}", raised_at=at, timer=None
        )
    record(
        "audit.done", chain="audit", actor=SYSTEM, at=at, on=on.isoformat(), tickets=tickets, firings=firings,
        found=len(findings),
    )  # fmt: skip
    return kept
