"""The lists: four views, what needs this person, pages by key, and an export no spreadsheet runs."""

import csv
import io

import pytest

from servicedesk.portal import export, lists
from tests.portal.parts import asked_to_pause, at_work, reported, solved
from tickets.commands.resolve import confirm
from tickets.models import Ticket


def numbers(client, query=""):
    body = client.get(f"/portal/{query}").content.decode()
    table = body[body.index("<tbody>") : body.index("</tbody>")] if "<tbody>" in body else ""
    return [t.number for t in Ticket.objects.order_by("-pk") if f">{t.number}<" in table]


@pytest.mark.rule("C-14")
def test_each_view_holds_what_it_says(cast, ada, al, now):
    work, pause = at_work(cast, now, title="Loss"), asked_to_pause(cast, now, title="Lift", contact=cast.al)
    done, old = solved(cast, now, title="Forwarding"), solved(cast, now, title="Old one")
    confirm(ticket_id=old.pk, how="customer", actor=cast.ada_actor, at=now)
    reported(cast, now, contact=cast.dee, title="Of another bank")

    assert numbers(ada) == [done.number, pause.number, work.number]
    assert numbers(ada, "?view=waiting") == [done.number, pause.number]
    assert numbers(al, "?view=waiting") == [done.number]
    assert numbers(ada, "?view=solved") == [old.number]
    assert numbers(al, "?view=mine") == [pause.number]
    assert ada.get("/portal/?view=nonsense").status_code == 400


def test_what_needs_me_stands_above_and_only_what_i_may_answer(cast, ada, al, now):
    pause = asked_to_pause(cast, now)
    assert f"May we pause {pause.number}?" in ada.get("/portal/").content.decode()
    body = al.get("/portal/").content.decode()
    assert "Needs you" not in body
    assert "Waits for a colleague of yours" in body


def test_a_row_says_where_it_stands_and_what_comes_next(cast, ada, now):
    at_work(cast, now)
    body = ada.get("/portal/").content.decode()

    assert "In work" in body
    assert "Next news by" in " ".join(body.split())


@pytest.mark.parametrize("view", ["open", "waiting", "solved", "mine"])
def test_an_empty_list_says_why(cast, dee, now, view):
    body = dee.get(f"/portal/?view={view}").content.decode()
    assert 'class="sd-empty' in body
    assert "<tbody>" not in body


def test_pages_go_by_key_and_hold_each_ticket_once(cast, ada, now, monkeypatch):
    monkeypatch.setattr(lists, "PAGE", 2)
    made = [reported(cast, now, title=f"Fault {n}").number for n in range(5)]
    first = ada.get("/portal/").content.decode()
    assert f"after={made[3]}" in first

    assert numbers(ada) == [made[4], made[3]]
    assert numbers(ada, f"?after={made[3]}") == [made[2], made[1]]
    assert numbers(ada, f"?after={made[1]}") == [made[0]]
    assert numbers(ada, "?after=SD-999999") == []
    assert ada.get("/portal/?after=%27;drop").status_code == 400


def test_the_list_needs_at_most_fifteen_queries_however_long(cast, ada, now, django_assert_max_num_queries):
    for n in range(6):
        asked_to_pause(cast, now, title=f"Fault {n}")
    ada.get("/portal/")

    with django_assert_max_num_queries(15):
        ada.get("/portal/")


def test_the_export_holds_the_view_and_runs_nothing(cast, ada, now):
    ticket = reported(cast, now, title='=HYPERLINK("http://evil.example")')
    reported(cast, now, contact=cast.dee, title="Of another bank")

    answer = ada.get("/portal/export.csv?view=open")

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == [ticket.number]
    assert rows[1][1].startswith("'=HYPERLINK")
    assert rows[1][6] == "2026-06-16 14:00"
    assert "Australia/Melbourne" in rows[0][6]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "  =1"])
def test_a_cell_that_looks_like_a_formula_is_text(cell):
    assert export.harmless(cell).startswith("'")
