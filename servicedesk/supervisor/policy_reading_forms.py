"""Forms of the second reader: whom to ask, and what they say."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from escalation.commands.draft import EDITORS
from escalation.commands.read_policy import WORD_LENGTH
from escalation.models import PolicyDraft
from escalation.readiness import Readiness
from escalation.readings import may_answer, possible_readers
from servicedesk.web.forms import CommandForm


class AskForm(CommandForm):
    """Whom to ask to read a draft."""

    reader = forms.ModelChoiceField(
        label=_("Who reads it"), to_field_name="uuid", queryset=User.objects.none(), empty_label=None,
        help_text=_("Nobody reads their own. Whoever else may read can answer too."),
    )  # fmt: skip

    def __init__(self, *args: Any, draft: PolicyDraft, asker: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reader"].queryset = possible_readers(draft).exclude(pk=asker)


class AnswerForm(CommandForm):
    """What a reader says."""

    word = forms.CharField(
        label=_("Your word"), max_length=WORD_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": WORD_LENGTH}),
        help_text=_("What you looked at, or why not. It is kept with the version."),
    )  # fmt: skip


def reading_forms(
    request: HttpRequest, draft: PolicyDraft, judged: Readiness, refused: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the forms of the second reader that this person may use now. At most 1 query."""
    made: dict[str, Any] = {}
    if judged.readable and not judged.read and request.actor.has_role(*EDITORS):
        form = AskForm(draft=draft, asker=request.actor.user_id, auto_id="ask_%s")
        form.nobody = not list(form.fields["reader"].choices)
        made["ask_form"] = form
    if may_answer(draft, judged.reading, request.actor):
        made["answer_form"] = AnswerForm(auto_id="answer_%s")
    return made | dict(refused)
