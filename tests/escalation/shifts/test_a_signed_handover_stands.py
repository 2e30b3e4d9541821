"""The sheet is signed by the giver, accepted by another person, and then stands."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from escalation.commands.handover_draft import refresh_handover
from escalation.commands.handover_notes import mark_spoken, note_line, note_part, remark
from escalation.commands.handover_sign import accept_handover, digest, sign_handover
from escalation.models import Handover, HandoverLine
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.models import Entry
from tests.factories.clocks import MINUTE
from tests.factories.shifts import gone_through

HOUR = timedelta(hours=1)


@pytest.mark.rule("A-05")
def test_giver_and_taker_are_two_people_every_line_is_gone_through_and_both_names_stay(cast, drafted, nine):
    begins = drafted.starts_at
    with pytest.raises(Refused) as early:
        accept_handover(handover_id=drafted.pk, actor=cast.cy_actor, at=begins)
    sign_handover(handover_id=drafted.pk, version=drafted.version, actor=cast.mo_actor, at=begins)
    with pytest.raises(Refused) as own:
        accept_handover(handover_id=drafted.pk, actor=cast.mo_actor, at=begins)
    with pytest.raises(Refused) as unread:
        accept_handover(handover_id=drafted.pk, actor=cast.cy_actor, at=begins)
    assert (early.value.code, own.value.code, unread.value.code) == ("not_signed", "same_person", "not_spoken")
    assert gone_through(drafted, cast.cy_actor, begins + MINUTE) == drafted.lines.count()
    assert gone_through(drafted, cast.cy_actor, begins + MINUTE) == 0

    kept = accept_handover(handover_id=drafted.pk, actor=cast.cy_actor, at=begins + 2 * MINUTE)

    assert (kept.giver, kept.taker, kept.state) == (cast.mo, cast.cy, "accepted")
    names = list(Entry.objects.filter(chain=kept.chain).order_by("seq").values_list("name", flat=True))
    assert names == ["handover.due", "handover.signed", "handover.spoken", "handover.accepted"]


@pytest.mark.rule("A-05")
def test_signed_the_sheet_stands_and_a_correction_is_a_remark(cast, drafted, nine):
    sign_handover(handover_id=drafted.pk, actor=cast.mo_actor, at=drafted.starts_at)
    said, at = digest(Handover.objects.get()), drafted.starts_at + MINUTE
    line = drafted.lines.first()
    for again in (
        lambda: note_line(handover_id=drafted.pk, line=line.uuid, text="No", actor=cast.mo_actor, at=at),
        lambda: note_part(handover_id=drafted.pk, part="hot", text="No", actor=cast.mo_actor, at=at),
        lambda: refresh_handover(handover_id=drafted.pk, actor=cast.mo_actor, at=at),
        lambda: sign_handover(handover_id=drafted.pk, actor=cast.mo_actor, at=at),
    ):
        with pytest.raises(Refused) as refused:
            again()
        assert refused.value.code == "signed"

    remark(handover_id=drafted.pk, line=line.uuid, text="It is the other site.", actor=cast.cy_actor, at=at)
    mark_spoken(handover_id=drafted.pk, lines=[line.uuid], actor=cast.cy_actor, at=at)

    assert digest(Handover.objects.get()) == said == Entry.objects.get(name="handover.signed").data["sheet"]
    assert drafted.remarks.get().by == cast.cy
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.update(taker=cast.mo)


def test_who_signs_a_sheet_that_was_drafted_anew_meanwhile_reads_it_first(cast, drafted, nine):
    seen = drafted.version
    refresh_handover(handover_id=drafted.pk, actor=cast.cy_actor, at=nine + 4.5 * HOUR)

    with pytest.raises(Refused) as refused:
        sign_handover(handover_id=drafted.pk, version=seen, actor=cast.mo_actor, at=nine + 4.6 * HOUR)

    assert (refused.value.code, Handover.objects.get().state) == ("stale", "draft")


def test_a_token_drafts_and_notes_but_only_a_person_signs(cast, drafted, nine):
    token = Actor(kind="integration", ref="t", name="T", user_id=cast.bo.pk, scopes=frozenset({"handovers:write"}))
    note_part(handover_id=drafted.pk, part="hot", text="Seen", actor=token, at=nine)

    for act in (sign_handover, mark_spoken):
        with pytest.raises(Refused) as refused:
            act(handover_id=drafted.pk, actor=token, at=nine)
        assert refused.value.code == "no_person"
    far = Actor(kind="staff", ref="f", name="F", user_id=1, roles=frozenset({"supervisor"}), regions=frozenset({"eu"}))
    Handover.objects.update(region="au")
    assert not Handover.objects.visible_to(far).exists() and not Handover.objects.visible_to(cast.ada_actor).exists()
    assert HandoverLine.objects.exists()
