"""`/files/<uuid>/`: a file of a note, for those who may read the note, never shown inline."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from servicedesk.web.middleware import signed_out
from tickets.models import Attachment

SANDBOX = "sandbox; default-src 'none'"


@require_safe
def download(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Send the file as an attachment. 404 for strangers, for files of unseen notes and for those in quarantine."""
    if request.actor is None:
        return signed_out(request)
    found = Attachment.objects.visible_to(request.actor).filter(uuid=uuid).first()
    if found is None or found.scan == Attachment.Scan.QUARANTINED:
        raise Http404
    try:
        body = found.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(body, as_attachment=True, filename=found.name, content_type="application/octet-stream")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


download.who = "whoever may read the note"
