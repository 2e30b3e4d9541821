"""The PDF renderer reads our own static files and nothing else, whatever a report says."""

import socket
from pathlib import Path

import pytest

from servicedesk.web import pdf

HOSTILE = [
    "file:///etc/passwd", "http://127.0.0.1:1/x.css", "https://example.test/x.png", "//example.test/x.css",
    "https://static.invalid/static/../settings.py", "https://static.invalid/static/%2e%2e/settings.py", "https://static.invalid/etc/passwd",
    "https://other.invalid/static/css/desk.css", "https://static.invalid/static/css/desk.css%00.png", "https://static.invalid/static/js/desk.js",
    "data:text/css,body{}", "ftp://127.0.0.1/x.css", "http://static.invalid/static/css/desk.css",
    "https://a@static.invalid/static/css/desk.css", "https://static.invalid/static//etc/passwd.css", "https://static.invalid/media/a.png",
]  # fmt: skip


@pytest.mark.parametrize("url", HOSTILE)
def test_an_address_that_is_no_static_file_of_ours_is_refused(url):
    with pytest.raises(ValueError):
        pdf.own_static_file(url)


def test_an_own_static_file_is_read():
    found = pdf.own_static_file("https://static.invalid/static/css/report-pdf.css")

    assert "@page" in found.read_text()


def test_a_page_full_of_foreign_addresses_opens_no_socket_and_no_file(monkeypatch, tmp_path):
    secret = tmp_path / "secret.css"
    secret.write_text("body { color: red }")
    opened: list[str] = []
    plain = Path.read_bytes
    monkeypatch.setattr(socket, "create_connection", lambda *a, **k: opened.append(f"socket {a}"))

    def watched(self):
        opened.append(str(self))
        return plain(self)

    monkeypatch.setattr(Path, "read_bytes", watched)
    body = "".join(
        f'<img src="{url}"><link rel="stylesheet" href="{url}"><object data="{url}"></object>'
        f'<svg width="9" height="9"><image href="{url}" width="9" height="9"/><use href="{url}#a"/></svg>'
        f'<p><a rel="attachment" href="{url}">x</a></p>'
        for url in [*HOSTILE, secret.as_uri()]
    )
    hostile = tmp_path / "hostile.html"
    hostile.write_text(f"<html><head><style>@import url({secret.as_uri()});</style></head><body>{body}</body></html>")
    weasyprint = pdf._renderer()

    made = weasyprint.HTML(string=hostile.read_text(), base_url=pdf.BASE, url_fetcher=pdf._fetcher()).write_pdf()

    assert made.startswith(b"%PDF-")
    assert opened == []


def test_the_look_of_the_report_is_found_where_templates_put_it(settings, monkeypatch):
    read: list[str] = []

    def watched(url):
        read.append(url)
        return plain(url)

    plain = pdf.own_static_file
    monkeypatch.setattr(pdf, "own_static_file", watched)
    weasyprint = pdf._renderer()
    page = f'<html><head><link rel="stylesheet" href="{settings.STATIC_URL}css/report-pdf.css"></head><p>x</p></html>'
    weasyprint.HTML(string=page, base_url=pdf.BASE, url_fetcher=pdf._fetcher()).write_pdf()

    assert [url.rpartition("/")[2] for url in read] == ["report-pdf.css", "inter-latin-wght-normal.woff2"]


@pytest.mark.parametrize("missing", [ImportError("weasyprint"), OSError("cannot load library 'pango-1.0-0'")])
def test_a_machine_without_the_libraries_says_so_in_one_sentence(monkeypatch, missing):
    import builtins

    plain = builtins.__import__

    def without(name, *args, **kwargs):
        if name == "weasyprint":
            raise missing
        return plain(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)

    assert "pango" in str(pdf.unavailable())
    with pytest.raises(pdf.PdfUnavailable):
        pdf._renderer()


def test_nothing_imports_the_renderer_before_it_is_needed():
    source = Path(pdf.__file__).read_text()

    assert "\nimport weasyprint" not in source and "\nfrom weasyprint" not in source
