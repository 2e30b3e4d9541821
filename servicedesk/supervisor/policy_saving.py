"""One edit of a draft from its page: saved under the version the reader saw, or shown again with what was typed."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from escalation.commands.draft import save_draft
from escalation.models import Policy, PolicyDraft
from escalation.shapes import Shape
from ledger import clock
from ledger.errors import Refused
from servicedesk.supervisor.policy_page import context_of
from servicedesk.supervisor.policy_words import both
from servicedesk.web.htmx import see_other, swap, wants_piece

WHOLE, LIVE = "supervisor/policies/show.html", "supervisor/policies/_live.html"


class Edit:
    """One edit of the draft's shape: read the draft, change the shape, save it under the version the reader saw."""

    def __init__(self, request: HttpRequest, policy: Policy) -> None:
        self.request, self.policy, self.at = request, policy, clock.now()
        self.code = request.POST.get("rule", "")[:12]
        draft = PolicyDraft.objects.filter(policy=policy).first()
        self.shape: Shape = draft.shape if draft else {}
        given = request.POST.get("version", "")
        self.version = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None
        self.missing = draft is None
        if draft is not None and self.version == draft.version - 1 and self._is_the_save_before(draft):
            self.version = draft.version

    def _is_the_save_before(self, draft: PolicyDraft) -> bool:
        """Whether what stands is this page's own last save: words typed while it was under way carry its version."""
        return wants_piece(self.request) and draft.saved_by_id == self.request.actor.user_id

    def save(self, shape: Shape, *, chosen: str, refused: dict[str, Any] | None = None) -> HttpResponse:
        """Save and show the rule `chosen`; a refusal shows the page again with what was typed."""
        over = self.request.POST.get("over") == "yes"
        try:
            save_draft(key=self.policy.key, shape=shape, version=self.version, actor=self.request.actor, at=self.at,
                       over=over)  # fmt: skip
        except Refused as refusal:
            return self.refuse(refusal, refused or {}, mine=shape)
        if wants_piece(self.request):
            return swap(self.request, WHOLE, LIVE, context_of(self.request, self.policy, at=self.at, chosen=chosen))
        return see_other(self.request, address(self.policy, chosen))

    def refuse(self, refusal: Refused, forms: dict[str, Any], mine: Shape | None = None) -> HttpResponse:
        """Show the page with the refusal; a stale draft with both versions of what differs."""
        if refusal.code == "unknown_policy":
            raise Http404
        extra: dict[str, Any] = dict(forms)
        if refusal.code == "stale":
            extra["stale"] = both(refusal, mine, self.code)
        extra["refusal"] = refusal.message
        return self.page(extra)

    def page(self, extra: dict[str, Any]) -> HttpResponse:
        """Show the page as it stands, with refused forms."""
        context = context_of(self.request, self.policy, at=self.at, chosen=self.code, refused=extra)
        return swap(self.request, WHOLE, LIVE, context, status=422)


def address(policy: Policy, chosen: str = "") -> str:
    """Return the page of a policy with a rule beside it."""
    return reverse("supervisor:policy", args=[policy.key]) + (f"?rule={chosen}" if chosen else "")
