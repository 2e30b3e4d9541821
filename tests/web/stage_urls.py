"""The product's addresses and one page with a form that needs a session, for test_signing_in_again.py."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from servicedesk.urls import handler403, handler404, handler500
from servicedesk.urls import urlpatterns as product
from servicedesk.web.access import staff_required

__all__ = ["handler403", "handler404", "handler500", "urlpatterns"]


@staff_required
def page(request: HttpRequest) -> HttpResponse:
    """A page of the desk with one note form."""
    return render(request, "stage_note.html")


@staff_required
def note(request: HttpRequest) -> HttpResponse:
    """Answer what was sent."""
    return HttpResponse(f"added {len(request.POST['text'])}")


urlpatterns = [path("stage/", page), path("stage/note/", note), *product]
