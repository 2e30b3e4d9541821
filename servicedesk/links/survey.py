"""The one-time survey of a resolved ticket: rating, how fast we answered, a comment (V-15, C-05, C-12)."""

from datetime import datetime

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from ledger import clock
from ledger.actor import Actor
from ledger.errors import Refused
from quality.commands import answer
from quality.queries import SurveyView, survey_by_token
from servicedesk.links.confirm import GONE, LONGEST_TOKEN
from servicedesk.links.guard import link_page
from servicedesk.web.forms import CommandForm

HOLDER = Actor(kind="link", ref="survey", name="Survey link", via="link")
MARKS = [(str(n), str(n)) for n in range(1, 6)]


class SurveyForm(CommandForm):
    """Two marks of 1 to 5 and what should be better."""

    rating = forms.ChoiceField(label=_("All in all"), choices=MARKS, widget=forms.RadioSelect)
    response_rating = forms.ChoiceField(label=_("How fast we answered"), choices=MARKS, widget=forms.RadioSelect)
    comment = forms.CharField(
        label=_("What should we do better?"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 4000}),
    )


@link_page
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Ask; on POST keep the answer, once. Used, expired and unknown links get one page of one shape."""
    at = clock.now()
    view = survey_by_token(token, at=at) if len(token) <= LONGEST_TOKEN else None
    with translation.override(view.language if view else translation.get_language()):
        if view is None or view.state != "open":
            return _dead(request)
        form = SurveyForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            done = _answered(form, token, at)
            if done is not None:
                return render(request, "links/survey_done.html", {"view": done})
            if not form.errors:
                return _dead(request)
        return render(request, "links/survey.html", {"view": view, "form": form}, status=422 if form.errors else 200)


def _answered(form: SurveyForm, token: str, at: datetime) -> SurveyView | None:
    """Keep the answer and return the round as it now stands; None when it was refused."""
    data = form.cleaned_data
    marks = {name: int(data[name]) for name in ("rating", "response_rating")}
    try:
        answer(token=token, comment=data["comment"], **marks, actor=HOLDER, at=at)
    except Refused as refusal:
        if refusal.field:
            form.add_refusal(refusal)
        return None
    return survey_by_token(token, at=at)


def _dead(request: HttpRequest) -> HttpResponse:
    title = _t("This link no longer works")
    text = _t("It was used, has expired, or is not known. Thank you if you have answered.")
    return render(request, "links/gone.html", {"title": title, "text": text}, status=GONE)
