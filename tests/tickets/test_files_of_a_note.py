"""Files are what they hold, not what they are called, and are stored under a random name."""

import base64
import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.refusals import refused
from tickets.commands import note
from tickets.files import check_files, clean_name
from tickets.models import Attachment, Note

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def _png() -> bytes:
    """One pixel."""
    return base64.b64decode(PIXEL)


def _up(name: str, body: bytes) -> SimpleUploadedFile:
    made = SimpleUploadedFile("x", body)
    made._name = name  # the upload class cleans names itself; ours must not rely on it
    return made


@pytest.mark.django_db
def test_a_file_is_kept_under_a_random_name_with_its_hash(path, cast, settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    }
    body = _png()
    made = note.add_note(
        ticket_id=path.signed().pk, body="See the photo", public=True, attachments=[_up("../rack photo.PNG", body)],
        actor=cast.bo_actor, at=path.tick(),
    )  # fmt: skip
    kept = Attachment.objects.get(note=made)
    assert (kept.name, kept.content_type, kept.size) == ("rack photo.png", "image/png", len(body))
    assert kept.sha256 == hashlib.sha256(body).hexdigest() and "rack" not in kept.file.name
    assert kept.file.read() == body


@pytest.mark.django_db
def test_one_bad_file_keeps_the_note_and_the_good_file_from_being_written(path, cast):
    ticket = path.signed()
    with refused("file_type", "attachments"):
        note.add_note(
            ticket_id=ticket.pk, body="Two files", public=True, actor=cast.bo_actor, at=path.tick(),
            attachments=[_up("a.png", _png()), _up("b.html", b"<html></html>")],
        )  # fmt: skip
    assert not Note.objects.exists() and not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("page.html", b"<html><script>1</script></html>"), ("logo.svg", b"<svg onload=alert(1)>"),
        ("feed.xml", b"<?xml version='1.0'?>"), ("run.exe", b"MZ\x90"), ("photo.png", b"<html>hello</html>"),
        ("photo.png", b"%PDF-1.7"), ("notes.txt", b"<!DOCTYPE html><script>"), ("notes.txt", b"a\x00b"),
        ("report.pdf", b"MZ this is a program"), ("photo.png\u200b.html", b"<html>"), ("trace.txt", b"PK\x03\x04zip"),
        ("photo.jpg", b"\x89PNG\r\n\x1a\n" + b"0" * 40),
    ],
)  # fmt: skip
def test_what_is_not_allowed_or_not_what_it_says_is_refused(name, body):
    with refused("file_type", "attachments"):
        check_files([_up(name, body)])


@pytest.mark.parametrize("name", [".htaccess", "\u200b.htaccess", ".\u200bhtaccess", "..", "", "no extension", " .png"])
def test_a_name_that_is_only_an_extension_is_refused_after_cleaning(name):
    with refused("bad_file_name", "attachments"):
        clean_name(name)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [("a\u202egnp.txt", "agnp.txt"), ("C:\\tmp\\trace.LOG", "trace.log"), ("../../etc/x.txt", "x.txt"),
     ("tra\u200bce.txt", "trace.txt"), ("a\r\nb.txt", "ab.txt"), ("ｆull.txt", "full.txt")],
)  # fmt: skip
def test_a_name_is_cleaned_before_it_is_checked(raw, clean):
    assert clean_name(raw) == clean


def test_too_many_too_large_and_empty_files_are_refused(settings):
    settings.ATTACHMENT_MAX_BYTES = 100
    with refused("too_many_files"):
        check_files([_up("a.txt", b"x")] * 11)
    with refused("file_too_large"):
        check_files([_up("a.txt", b"x" * 101)])
    with refused("empty_file"):
        check_files([_up("a.txt", b"")])
