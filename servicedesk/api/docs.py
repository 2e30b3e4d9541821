"""The OpenAPI document, and a page that shows it under the desk's own strict CSP."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.views import SpectacularJSONAPIView

from servicedesk.api import schema  # noqa: F401 (importing it registers the security schemes)
from servicedesk.api.v1.commands import COMMANDS
from servicedesk.web.access import staff_required


class Schema(SpectacularJSONAPIView):
    """OpenAPI 3.1 as JSON; for tokens and signed-in staff."""


@staff_required
def page(request: HttpRequest) -> HttpResponse:
    """List the commands with their fields; the full document is one link away."""
    commands = [
        {
            "name": name,
            "versioned": spec.versioned,
            "summary": (spec.run.__doc__ or "").strip().split("\n")[0],
            "fields": [
                {"name": key, "kind": type(field).__name__.removesuffix("Field"), "required": field.required}
                for key, field in spec.shape().fields.items()
            ],
        }
        for name, spec in COMMANDS.items()
    ]
    return render(request, "api/docs.html", {"commands": commands})
