"""The portal's live fragments: one drawing for colleagues of equal rights, none of it for anybody else."""

import re
from datetime import timedelta

import pytest

from accounts.models import Contact
from ledger import clock
from servicedesk.portal import fragments
from tests.portal.parts import asked_to_pause, at_work, reported, signed_in, solved
from tickets.commands.note import add_note

HX = {"HX-Request": "true"}
_CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_ONCE = re.compile(r'name="once" value="([^"]+)"')


@pytest.fixture(autouse=True)
def empty_cache(db):
    """Nothing was drawn before."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def equal(cast, al):
    """Al, who may do all that Ada may."""
    Contact.objects.filter(pk=cast.al.pk).update(may_change=True, may_approve=True, may_escalate=True)
    return al


@pytest.fixture
def drawn(monkeypatch) -> list[str]:
    """The templates drawn for the cache, in order."""
    seen: list[str] = []
    real = fragments.render_to_string

    def told(template: str, *args, **kwargs) -> str:
        seen.append(template)
        return real(template, *args, **kwargs)

    monkeypatch.setattr(fragments, "render_to_string", told)
    return seen


def piece(client, ticket, part: str, **headers: str):
    return client.get(f"/portal/tickets/{ticket.number}/?part={part}", headers={**HX, **headers})


@pytest.mark.parametrize("part", ["now", "asks", "notes", "plan"])
def test_two_contacts_of_equal_rights_share_one_drawing(cast, ada, equal, now, drawn, part):
    ticket = asked_to_pause(cast, now)

    first, second = piece(ada, ticket, part), piece(equal, ticket, part)

    assert (first.status_code, second.status_code, len(drawn)) == (200, 200, 1)
    assert first.headers["ETag"] == second.headers["ETag"]


def test_colleagues_share_the_list_and_another_organisation_never_sees_it(cast, ada, equal, dee, now, drawn):
    reported(cast, now, contact=cast.ada, title="Ours alone")
    reported(cast, now, contact=cast.al, title="Ours as well")

    mine, theirs, foreign = (who.get("/portal/", headers=HX) for who in (ada, equal, dee))

    assert mine.headers["ETag"] == theirs.headers["ETag"] != foreign.headers["ETag"]
    assert b"Ours alone" in theirs.content and b"Ours" not in foreign.content
    assert len(drawn) == 2
    own = [who.get("/portal/?view=mine", headers=HX).content for who in (ada, equal)]
    assert b"Ours alone" in own[0] and b"Ours alone" not in own[1]


def test_another_organisation_gets_no_piece_even_with_the_right_tag(cast, ada, dee, now):
    ticket = at_work(cast, now)
    tag = piece(ada, ticket, "now").headers["ETag"]

    assert piece(dee, ticket, "now", **{"If-None-Match": tag}).status_code == 404


def test_a_change_gives_a_new_tag_and_no_change_answers_304(cast, ada, now):
    ticket = at_work(cast, now)
    for path in (f"/portal/tickets/{ticket.number}/?part=notes", "/portal/"):
        tag = ada.get(path, headers=HX).headers["ETag"]
        again = ada.get(path, headers={**HX, "If-None-Match": tag})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)

        add_note(ticket_id=ticket.pk, body=f"News about {path}", public=True, actor=cast.bo_actor, at=now)
        fresh = ada.get(path, headers={**HX, "If-None-Match": tag})
        assert fresh.status_code == 200 and fresh.headers["ETag"] != tag


def test_every_reader_gets_the_own_form_tokens_and_one_key_for_each_form(cast, ada, equal, now):
    ticket = solved(cast, now)
    first, second = (piece(who, ticket, "asks").content.decode() for who in (ada, equal))

    tokens = set(_CSRF.findall(first)) | set(_CSRF.findall(second))
    keys = _ONCE.findall(first) + _ONCE.findall(second)
    assert len(set(_CSRF.findall(first)) & set(_CSRF.findall(second))) == 0 and len(tokens) == 2
    assert len(keys) == len(set(keys)) == 4


def test_a_form_of_a_kept_piece_is_taken(cast, ada, equal, now):
    ticket = solved(cast, now)
    piece(ada, ticket, "asks")
    equal.handler.enforce_csrf_checks = True
    kept = piece(equal, ticket, "asks").content.decode()
    sent = {"csrfmiddlewaretoken": _CSRF.findall(kept)[0], "once": _ONCE.findall(kept)[0]}

    assert equal.post(f"/portal/tickets/{ticket.number}/confirm/", sent).status_code == 303
    assert equal.post(f"/portal/tickets/{ticket.number}/confirm/", {"once": "x"}).status_code == 403


def test_who_may_not_consent_gets_no_form_of_who_may(cast, ada, al, now):
    ticket = asked_to_pause(cast, now)

    assert b"Consent to the pause" in piece(ada, ticket, "asks").content
    body = piece(al, ticket, "asks").content
    assert b"Consent to the pause" not in body and b"Ada" in body


def test_an_own_step_is_drawn_for_its_owner_only(cast, ada, equal, now):
    ticket = at_work(cast, now)
    item = {"source": "manual", "title": "Unlock the room", "public": True, "created_at": now}
    ticket.work_items.create(owner_contact=cast.ada, **item)

    assert b"evidence" in piece(ada, ticket, "plan").content
    assert b"evidence" not in piece(equal, ticket, "plan").content
    assert b"Unlock the room" in ada.get("/portal/", headers=HX).content
    assert b"Unlock the room" not in equal.get("/portal/", headers=HX).content


def test_a_restricted_report_is_in_its_reporters_list_only(cast, ada, equal, now):
    reported(cast, now, contact=cast.al, kind="security", title="Somebody reads our mail")

    assert b"Somebody reads" in equal.get("/portal/", headers=HX).content
    assert b"Somebody reads" not in ada.get("/portal/", headers=HX).content


def test_each_language_is_drawn_for_itself_and_time_draws_anew(cast, ada, now, drawn):
    ticket = at_work(cast, now)
    english = piece(ada, ticket, "now").headers["ETag"]
    Contact.objects.get(pk=cast.ada.pk).user.__class__.objects.filter(pk=cast.ada.user_id).update(language="zh-hans")
    chinese = piece(signed_in(cast.ada), ticket, "now").headers["ETag"]
    clock.set_demo(demo_now=now + timedelta(minutes=1))
    later = piece(signed_in(cast.ada), ticket, "now").headers["ETag"]

    assert len({english, chinese, later}) == len(drawn) == 3
