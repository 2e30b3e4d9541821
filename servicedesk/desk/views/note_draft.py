"""What is written in the composer, kept while one writes: any browser goes on where the last one stopped."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from ledger import clock
from ledger.errors import Refused
from servicedesk.desk.reading import ticket_or_404
from servicedesk.web.access import staff_required
from tickets.commands.draft import ACTS, Writing, keep_note_draft

MOST_DIGITS = 9


@staff_required
@require_POST
def keep(request: HttpRequest, number: str) -> HttpResponse:
    """Keep `body` under the act of `visibility`, and `other` under the other one; answer with the new `rev`."""
    found, at = ticket_or_404(number, request.actor), clock.now()
    said = {name: request.POST.get(name, "").replace("\x00", "") for name in ("body", "other", "promise_at", "rev")}
    act = "internal" if request.POST.get("visibility") == "internal" else "public"
    rev = int(said["rev"]) if said["rev"].isascii() and said["rev"].isdigit() and len(said["rev"]) <= MOST_DIGITS else 0
    words = {act: said["body"], ACTS[1 - ACTS.index(act)]: said["other"]}
    writing = Writing(act=act, **words, promise_at=said["promise_at"][:40], rev=rev)
    try:
        kept = keep_note_draft(user=request.user, number=found.number, writing=writing, at=at)
    except Refused as refusal:
        return render(request, "desk/parts/note_kept.html", {"rev": rev, "refusal": refusal}, status=422)
    return render(request, "desk/parts/note_kept.html", {"rev": kept.rev, "kept_at": at})
