"""Worlds loaded once per module, in a transaction that is rolled back when the module is done."""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings


@contextmanager
def kept_for_the_module(blocker) -> Iterator[None]:
    """A transaction around all tests of a module; tests nest theirs in it, durable ones included."""
    with blocker.unblock():
        outer = transaction.atomic()
        outer._from_testcase = True  # as Django's own TestCase does for its class-wide data
        outer.__enter__()
        try:
            yield
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)


@pytest.fixture(scope="module")
def said(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Callable[..., str]]:
    """Runs a management command and returns what it printed; data it makes stays for the module."""

    def run(*words: str) -> str:
        out = io.StringIO()
        call_command(*words, stdout=out)
        return out.getvalue()

    with override_settings(DATA_DIR=tmp_path_factory.mktemp("var")), kept_for_the_module(django_db_blocker):
        yield run


@pytest.fixture(scope="module")
def demo(said) -> str:
    """The demonstration world, loaded; the line the command printed."""
    return said("demo_data")


@pytest.fixture(scope="module")
def acceptance(said) -> dict:
    """The acceptance world, loaded; the document it printed."""
    return json.loads(said("seed_acceptance", "--json"))
