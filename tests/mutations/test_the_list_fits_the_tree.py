"""By day: what the mutations take away is there, and so are the tests they name. `make mutations` runs them."""

import ast

import pytest
from django.db import connection

from tests.mutations.__main__ import ALL
from tests.mutations.tree import ROOT, changed


@pytest.mark.parametrize("mutation", ALL, ids=lambda mutation: mutation.what)
def test_a_mutation_finds_what_it_takes_away_and_names_a_test_there_is(mutation):
    file, _, name = mutation.test.partition("::")
    tests = {node.name for node in ast.parse((ROOT / file).read_text()).body if isinstance(node, ast.FunctionDef)}
    assert name in tests
    if mutation.file:
        whole = (ROOT / mutation.file).read_text()
        ast.parse(changed(whole, mutation))
        assert changed(whole, mutation) != whole


def test_what_is_taken_from_the_database_is_given_back(db):
    for mutation in [m for m in ALL if m.sql]:
        with connection.cursor() as cursor:
            cursor.execute(mutation.sql)
            cursor.execute(mutation.undo)


def test_the_page_lists_them_all():
    page = (ROOT / "docs" / "mutations.md").read_text()

    assert [m.what for m in ALL if f"| {m.what} | `{m.test.partition('::')[0].rpartition('/')[2]}` |" not in page] == []


def test_each_takes_something_else_away():
    assert len({(m.file, m.old, m.sql) for m in ALL}) == len({m.what for m in ALL}) == len(ALL)
