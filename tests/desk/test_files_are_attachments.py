"""A file of a note: for its readers only, downloaded and never shown (security)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tickets.models import Attachment


@pytest.fixture
def attached(bo, path, now, settings, tmp_path):
    """Bo's internal note with a small page of HTML attached."""
    settings.MEDIA_ROOT = tmp_path
    ticket = path.to("l1")
    now()
    trace = SimpleUploadedFile("trace.txt", b"port 7: 88 errors", "text/plain")
    said = {"visibility": "internal", "body": "Trace of port 7", "attachments": trace}
    answer = bo.post(reverse("desk:ticket-note", args=[ticket.number]), said)
    assert answer.status_code == 303, answer.content.decode()[-2000:]
    return Attachment.objects.get()


def test_a_reader_gets_it_as_an_attachment_in_a_sandbox(bo, attached):
    answer = bo.get(reverse("files:download", args=[attached.uuid]))

    assert b"".join(answer.streaming_content) == b"port 7: 88 errors"
    assert answer["Content-Disposition"] == 'attachment; filename="trace.txt"'
    assert answer["Content-Type"] == "application/octet-stream" and answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_customer_does_not_get_the_file_of_an_internal_note(agent_of, cast, attached):
    assert agent_of(cast.ada.user).get(reverse("files:download", args=[attached.uuid])).status_code == 404


def test_a_stranger_is_sent_to_sign_in(client, attached):
    assert client.get(reverse("files:download", args=[attached.uuid])).status_code == 302


def test_a_file_in_quarantine_is_not_handed_out(bo, attached):
    Attachment.objects.update(scan="quarantined")

    assert bo.get(reverse("files:download", args=[attached.uuid])).status_code == 404
