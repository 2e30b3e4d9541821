"""Files that are not what they say, too many or too large: a sentence at the desk and the portal, nothing kept."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.security.wall.test_hostile_input_gets_a_sentence import check
from tickets.models import Attachment

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
FILES = {
    "svg": [("x.svg", b"<svg onload=alert(1)>")], "html": [("x.html", b"<html><script>1</script>")],
    "exe as png": [("x.png", b"MZ\x90\x00" + b"0" * 64)], "svg as png": [("x.png", b"<svg onload=alert(1)>")],
    "html as text": [("x.txt", b"<!doctype html><script>1</script>")], "no name": [("\u200b.png", PNG)],
    "hidden extension": [("x.png\u200b.html", PNG)], "server file": [(".htaccess\u200b", b"x")],
    "too large": [("x.txt", b"a" * (26 * 1024 * 1024))], "too many": [(f"{n}.png", PNG) for n in range(11)],
    "one of two": [("a.png", PNG), ("b.svg", b"<svg>")],
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_a_hostile_file_is_refused_with_a_sentence_and_not_kept(kind, world):
    number, before = world.ids["number"], Attachment.objects.count()
    doors = (("agent", f"/desk/tickets/{number}/note/"), ("customer of A", f"/portal/tickets/{number}/reply/"))
    for name, path in doors:
        files = [SimpleUploadedFile(title, body) for title, body in FILES[kind]]
        body = {"body": "Look", "visibility": "public", "progress": "on", "attachments": files}
        answer = world.clients[name].post(path, body)
        check(answer, path)
        assert 400 <= answer.status_code < 429 and Attachment.objects.count() == before, (name, answer.status_code)


def test_a_good_file_is_kept(world):
    before = Attachment.objects.count()
    body = {"body": "Look", "attachments": [SimpleUploadedFile("light.png", PNG)]}
    answer = world.clients["customer of A"].post(f"/portal/tickets/{world.ids['number']}/reply/", body)
    assert answer.status_code in {302, 303} and Attachment.objects.count() == before + 1
