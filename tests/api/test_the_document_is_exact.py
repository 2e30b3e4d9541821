from io import StringIO

import pytest
from django.core.management import call_command


def test_the_openapi_document_is_valid_and_has_no_warning():
    out = StringIO()

    call_command("spectacular", validate=True, fail_on_warn=True, stdout=out)

    assert "openapi: 3.1" in out.getvalue()


@pytest.mark.django_db
def test_the_document_is_served_to_tokens_and_names_every_command(integration):
    from servicedesk.api.v1.commands import COMMANDS

    paths = integration.get("schema/").json()["paths"]

    assert {f"/api/v1/tickets/{{number}}/{name}/" for name in COMMANDS} <= set(paths)
