"""Case notes and articles: Markdown in, safe HTML out.

Raw HTML in the source is text, never markup (markdown-it-py, `html` off). What comes out passes nh3 again, so
that a fault of the first is caught by the second. Links: http, https, mailto and tel, absolute; never
protocol-relative. Pictures only from this desk (a path), so that reading a note tells no third party.
"""

from urllib.parse import urlsplit

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

MAX_CHARS = 100_000
SCHEMES = {"http", "https", "mailto", "tel"}
TAGS = {"p", "br", "hr", "em", "strong", "s", "del", "ins", "blockquote", "ul", "ol", "li", "code", "pre", "a", "img"}
TAGS |= {"h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}, "th": {"align"}, "td": {"align"}}

_parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True, "maxNesting": 20})
_parser.enable(["table", "strikethrough"])


def _kept_url(value: str, *, local_only: bool) -> str | None:
    """Return `value` if it may stand in a page, else None."""
    url = value.strip()
    if any(ord(c) < 33 or c in "\\" for c in url) or url.startswith("//"):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if not parts.scheme and not parts.netloc:
        return url if url.startswith("/") or (url.startswith("#") and not local_only) else None
    return url if parts.scheme.lower() in SCHEMES and not local_only else None


def _filter(tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return _kept_url(value, local_only=False)
    if name == "src":
        return _kept_url(value, local_only=True)
    return value


_cleaner = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    attribute_filter=_filter,
    url_schemes=SCHEMES,
    link_rel="nofollow noopener noreferrer",
    strip_comments=True,
)


def _without_foreign_pictures(children: list[Token]) -> list[Token]:
    """Replace each picture that is not ours by its words."""
    kept = []
    for child in children:
        if child.type == "image" and _kept_url(str(child.attrGet("src") or ""), local_only=True) is None:
            word = Token("text", "", 0)
            word.content = child.content
            child = word
        kept.append(child)
    return kept


def render_markdown(source: str | None) -> SafeString:
    """Return `source` as HTML that is safe to place in any page; None and "" give "".

    Headings stand below the page's own: `#` becomes h3. Texts longer than `MAX_CHARS` are cut.
    """
    if not source:
        return SafeString("")
    tokens = _parser.parse(source[:MAX_CHARS])
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"
        if token.children:
            token.children = _without_foreign_pictures(token.children)
    html = _parser.renderer.render(tokens, _parser.options, {})
    return mark_safe(_cleaner.clean(html))  # noqa: S308 (cleaned on this line)


def plain_text(source: str | None, limit: int = 160) -> str:
    """Return the words of `source` on one line, at most `limit` characters, for previews. Not markup."""
    if not source:
        return ""
    words = []
    for token in _parser.parse(source[:MAX_CHARS]):
        words += [c.content for c in token.children or [] if c.type in ("text", "code_inline")]
        if token.type in ("fence", "code_block"):
            words.append(token.content)
    text = " ".join(" ".join(words).split())
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
