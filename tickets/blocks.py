"""Text blocks for a ticket: which are offered, and their places filled."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.errors import Refused
from tickets.models import TextBlock, Ticket
from tickets.models.block import PLACE, PLACES
from tickets.sentences import moment

SHIPPED: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("Received", "public", {
        "en": "We work on {number}. {team} has it now. You hear from us by {due}.",
        "zh-hans": "我们正在处理 {number}，现由 {team} 负责。最迟 {due} 向您通报进展。"}),
    ("Ask for details", "public", {
        "en": "To go on with {number} we need three things:\n\n1. Since when does it happen?\n2. Where does it happen?"
              "\n3. What was changed before?",
        "zh-hans": "为继续处理 {number}，请告知：\n\n1. 从何时开始？\n2. 发生在哪里？\n3. 此前有何变更？"}),
    ("Nothing new yet", "public", {
        "en": "There is no news on {number} yet; {team} works on it. Next news by {due}.",
        "zh-hans": "{number} 暂无新进展，{team} 正在处理。最迟 {due} 再次通报。"}),
    ("Please confirm", "public", {
        "en": "{service} works again as far as we can see. Please test it and confirm, or tell us what is still wrong.",
        "zh-hans": "据我们检测，{service} 已恢复。请测试并确认；如仍有问题，请告诉我们。"}),
    ("Hand over", "internal", {
        "en": "State: \nTried: \nNext step: \nCustomer {customer} expects news by {due}.",
        "zh-hans": "现状：\n已尝试：\n下一步：\n客户 {customer} 等待 {due} 前的消息。"}),
)  # fmt: skip


def offered(ticket: Ticket, actor: Actor) -> list[TextBlock]:
    """Return the active blocks for whoever writes on this ticket: every team's, its team's and the actor's own.

    Public ones in the customer's language, in English where there is none in it; internal ones in the actor's, the
    same way. 1 query.
    """
    rows = TextBlock.objects.filter(active=True)
    found = list(rows.filter(Q(team=None) | Q(team_id=ticket.team_id or 0) | Q(team_id__in=actor.team_ids)))
    inside = [block for block in found if block.use == TextBlock.For.INTERNAL]
    outside = [block for block in found if block.use != TextBlock.For.INTERNAL]
    return [*_in(outside, _language(ticket)), *_in(inside, actor.language)]


def _in(blocks: list[TextBlock], language: str) -> list[TextBlock]:
    own = [block for block in blocks if block.language == language.lower()]
    return own or [block for block in blocks if block.language == "en"]


def require_filled(body: str) -> None:
    """Raise Refused("open_place") for a text that still holds a place of a block."""
    left = [name for name in PLACE.findall(body) if name in PLACES]
    if left:
        raise Refused("open_place", _("Fill in {%(place)s} first, or take it out.") % {"place": left[0]}, "body")


def fill(body: str, places: Mapping[str, str]) -> str:
    """Return `body` with its places filled; a place without a value keeps its braces, so that the writer sees it."""
    return PLACE.sub(lambda match: places.get(match.group(1)) or match.group(0), body)


def places(ticket: Ticket, actor: Actor, block: TextBlock, *, due_at: datetime | None, at: datetime) -> dict[str, str]:
    """Return what stands in the places of `block` on this ticket; `due_at` None leaves {due} open.

    A public block says the time in the customer's zone and the block's language, with the day where it is not today's.
    """
    return {
        "number": ticket.number,
        "title": ticket.title,
        "customer": ticket.organisation.name if ticket.organisation else "",
        "contact": ticket.reporter.name if ticket.reporter else ticket.caller_name,
        "service": ticket.service.service_id if ticket.service else str(_("the service")),
        "team": ticket.team.name if ticket.team else "",
        "agent": actor.name,
        "due": _moment(ticket, block, due_at, at) if due_at else "",
    }


def _moment(ticket: Ticket, block: TextBlock, due_at: datetime, at: datetime) -> str:
    outside = block.use != TextBlock.For.INTERNAL and ticket.organisation is not None
    zone = ZoneInfo(ticket.organisation.time_zone) if outside and ticket.organisation else None
    with timezone.override(zone or timezone.get_current_timezone()), translation.override(block.language):
        return moment(due_at, at)


def _language(ticket: Ticket) -> str:
    if ticket.reporter is not None:
        return ticket.reporter.language
    return ticket.organisation.language if ticket.organisation else "en"
