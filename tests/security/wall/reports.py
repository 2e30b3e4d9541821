"""A fault report of A for the wall: a released version its customer reads, a draft nobody outside may learn of."""

from datetime import datetime

from accounts.models import User
from quality.reports.models import Edition, FaultReport
from tickets.models import Ticket


def plant_report(ticket: Ticket, writer: User, words: str, at: datetime) -> str:
    """Return the public id of the draft."""
    report = FaultReport.objects.create(ticket=ticket, run_no=ticket.run_no, created_at=at)
    texts = dict.fromkeys(("title", "summary", "cause", "repair", "prevention"), words) | {
        "internal": f"{words} internal"
    }
    figures: dict[str, object] = {"clocks": [], "sign_s": None, "contact_s": None, "due_at": None}
    final = {"filed_at": at, "filed_by": writer, "through_seq": 1, "sha256": "0" * 64, "figures": figures}
    Edition.objects.create(
        report=report, number=1, created_at=at, changed_at=at, released_at=at, released_by=writer, **final, **texts
    )
    edition = Edition.objects.create(
        report=report, number=2, written_by=writer, created_at=at, changed_at=at, people=[{"part": "owner",
        "user": str(writer.uuid)}], began_at=at, ended_at=at, **texts,
    )  # fmt: skip
    return str(edition.uuid)
