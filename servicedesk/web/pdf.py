"""HTML of ours as PDF. The renderer reads our own static files and nothing else: no network, no other file, no data."""

import logging
import mimetypes
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

BASE = "https://static.invalid/"  # a name that never resolves: nothing is fetched from it, files are read instead
KINDS = frozenset({".css", ".woff2", ".svg", ".png"})
MISSING = _("This machine lacks the libraries that draw a PDF (pango). Print the page instead.")
log = logging.getLogger(__name__)


class PdfUnavailable(Exception):
    """weasyprint or its system libraries are missing. `sentence` says so to a person."""

    sentence = MISSING


def unavailable() -> Any:
    """Return the sentence why no PDF can be drawn here, "" where one can."""
    try:
        _renderer()
    except PdfUnavailable as error:
        return error.sentence
    return ""


def as_pdf(template: str, context: dict[str, Any], request: HttpRequest | None = None) -> bytes:
    """Draw `template` as PDF. Raises PdfUnavailable. What it links to outside of our static files is left out."""
    weasyprint = _renderer()
    html = render_to_string(template, context, request)
    return weasyprint.HTML(string=html, base_url=BASE, url_fetcher=_fetcher()).write_pdf(pdf_tags=True)


def own_static_file(url: str) -> Path:
    """Return the file behind an address of ours. Raises ValueError for any other address, kind of file or path."""
    parts = urlsplit(url)
    prefix = "/" + settings.STATIC_URL.strip("/") + "/"
    path = unquote(parts.path)
    if f"{parts.scheme}://{parts.netloc}/" != BASE or not path.startswith(prefix):
        raise ValueError("only our own static files are read")
    name = path.removeprefix(prefix)
    if Path(name).is_absolute() or Path(name).suffix not in KINDS or ".." in Path(name).parts or "\x00" in name:
        raise ValueError("not a static file of ours")
    found = _found(name)
    if found is None:
        raise ValueError("no such static file")
    return found


def _found(name: str) -> Path | None:
    """Collected (and hashed) in production, in its source folder in development; never outside of either."""
    root = Path(settings.STATIC_ROOT).resolve() if settings.STATIC_ROOT else None
    if root is not None:
        collected = (root / name).resolve()
        if collected.is_relative_to(root) and collected.is_file():
            return collected
    source = finders.find(name)
    return Path(source) if source else None


def _renderer() -> Any:
    """weasyprint, imported when first needed: it loads pango, which not every machine has."""
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        log.info("no pdf here: %s", error)
        raise PdfUnavailable from error
    return weasyprint


def _fetcher() -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnStatic(URLFetcher):
        """Serves our own static files; everything else is refused before anything is opened."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            path = own_static_file(url)
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})

    return OwnStatic(allowed_protocols=["https"], allow_redirects=False)
