"""Whom to call, in order and live; and none of the desk's own words anywhere."""

import html
import re
from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from accounts.models import AccountTeamMember, Organisation, User
from catalogue.models import Entitlement
from escalation.commands.request import request_escalation
from escalation.models import RosterSlot
from tests.portal.parts import asked_to_pause, at_work, reported, solved

INTERNAL = re.compile(
    r"\b(L[123]|l[123]|SLA|FSM|[TDFEU]-[0-9]D?|[ACPVX]-[0-9]{2}|triage|intake|breach(ed)?|engine|first line|tier)\b",
    re.I,
)


def shown(body: bytes) -> str:
    """Return what a person reads of a page: no tags, no attributes but spoken ones."""
    text = body.decode()
    spoken = " ".join(re.findall(r'(?:title|aria-label|placeholder|alt)="([^"]*)"', text))
    main = text[text.index("<main") : text.index("</main>")]
    return html.unescape(re.sub(r"<[^>]+>", " ", main) + " " + spoken)


@pytest.mark.rule("X-03")
@pytest.mark.rule("X-01")
def test_contacts_stand_in_the_order_of_calling(cast, ada, now):
    User.objects.filter(pk=cast.people["account_manager"].pk).update(phone="+61355500121")
    text = shown(ada.get("/portal/contacts/").content)

    order = ["Raise a ticket", "Daniel Hartley", "Ruth Adeyemi", "Marcus Vaile", "Helen Strand"]
    assert [text.index(name) for name in order] == sorted(text.index(name) for name in order)
    assert "+61355500121" in text
    assert "You are a production customer" in text


@pytest.mark.rule("X-01")
def test_a_change_of_the_account_team_shows_at_once(cast, ada, now):
    member = AccountTeamMember.objects.filter(organisation=cast.northgate, role="account_manager")
    member.update(user=cast.sam, deputy=cast.bo)
    assert "Sam Okafor" in shown(ada.get("/portal/contacts/").content)

    User.objects.filter(pk=cast.sam.pk).update(available=False)
    text = shown(ada.get("/portal/contacts/").content)
    assert "Sam Okafor" not in text
    assert "Bo Raman" in text


def test_the_duty_manager_is_the_one_on_the_roster_now_and_then_the_next(cast, ada, now):
    for user, start, end in ((cast.mo, -2, 1), (cast.cy, 1, 9)):
        during = DateTimeTZRange(now + timedelta(hours=start), now + timedelta(hours=end))
        RosterSlot.objects.create(role="duty_manager", user=user, during=during)

    text = " ".join(shown(ada.get("/portal/contacts/").content).split())

    assert "Mo Tan until 15:00 · then Cy Lindqvist" in text


def test_who_of_us_may_do_what_is_listed_for_our_own_people_only(cast, ada, now):
    text = " ".join(shown(ada.get("/portal/contacts/").content).split())

    assert "Ada Lund may report, change, approve, escalate" in text
    assert "Al Ortiz may report" in text
    assert "Dee Farouk" not in text


def test_what_the_plan_promises_is_shown_in_the_customers_words(cast, ada, now):
    Entitlement.objects.filter(organisation=cast.northgate).update(targets={"P1": {"respond": 15, "resolve": 240}})
    text = " ".join(shown(ada.get("/portal/contacts/").content).split())

    assert "Work stops, many sites 15 min 4 h" in text
    assert "Work stops, one site" not in text


def test_an_ordinary_customer_is_not_promised_the_chief_executive(cast, ada, now):
    Organisation.objects.filter(pk=cast.northgate.pk).update(production=False)

    assert "Helen Strand" not in shown(ada.get("/portal/contacts/").content)


def test_no_page_speaks_the_desks_own_words(cast, ada, now):
    tickets = [
        reported(cast, now, title="One"), at_work(cast, now, title="Two"), asked_to_pause(cast, now, title="Three"),
        solved(cast, now, title="Four"),
    ]  # fmt: skip
    request_escalation(
        ticket_id=tickets[1].pk, reason="Clinics closed", relation="customer", actor=cast.ada_actor, at=now
    )
    pages = ["/portal/", "/portal/?view=solved", "/portal/raise/", "/portal/contacts/"]
    pages += [f"/portal/tickets/{t.number}/" for t in tickets]

    found = {page: INTERNAL.findall(shown(ada.get(page).content)) for page in pages}

    assert {page: hits for page, hits in found.items() if hits} == {}


def test_the_zone_is_named_once_and_times_are_in_it(cast, ada, now):
    at_work(cast, now)
    text = shown(ada.get("/portal/").content)

    assert text.count("Australia/Melbourne") == 1
    assert "14:00" in text


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_opens_in_the_customers_language(cast, ada, now, language):
    ticket = at_work(cast, now)
    User.objects.filter(pk=cast.ada.user_id).update(language=language)
    for page in ("/portal/", "/portal/raise/", "/portal/contacts/", f"/portal/tickets/{ticket.number}/"):
        answer = ada.get(page)
        assert answer.status_code == 200
        assert f'lang="{language}"'.encode() in answer.content


def test_the_contacts_page_needs_at_most_fifteen_queries(cast, ada, now, django_assert_max_num_queries):
    ada.get("/portal/contacts/")
    with django_assert_max_num_queries(15):
        ada.get("/portal/contacts/")
