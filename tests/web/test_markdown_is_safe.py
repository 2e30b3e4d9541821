import re
from html.parser import HTMLParser

import pytest

from servicedesk.web.markdown import TAGS, plain_text, render_markdown

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "![x](data:image/svg+xml;base64,PHN2Zy8+)",
    "![x](https://tracker.example/pixel.gif)",
    "![x](//tracker.example/pixel.gif)",
    "![x](http:/tracker.example/p.gif)",
    "![x][r]\n\n[r]: https://tracker.example/pixel.gif",
    "[x](//evil.example)",
    "[x](///evil.example)",
    "[x](/\\evil.example)",
    "[x](\\\\evil.example)",
    "<//evil.example>",
    "[x][r]\n\n[r]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "[x](file:///etc/passwd)",
    "[x](blob:https://desk/1)",
    '[x](https://ok.example "onmouseover=alert(1)")',
    '[x](https://ok.example"onclick="alert(1))',
    '![a" onerror="alert(1)](/f/1.png)',
    "```html\n<script>alert(1)</script>\n```",
    "`<script>alert(1)</script>`",
    "<div hx-get=/admin hx-trigger=load>x</div>",
    "<p data-hx-get=/admin>x</p>",
    "<form action=/escalate method=post><button>x</button></form>",
    "<style>*{display:none}</style>",
    "<link rel=stylesheet href=//evil.example>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<math><mtext></p><script>alert(1)</script>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><script>alert(1)</script>-->",
    "a|b\n-|-\n<img src=x onerror=alert(1)>|[x](javascript:1)",
    "# <img src=x onerror=alert(1)>",
    "\x00<script>alert(1)</script>",
    "[x](tel:1<script>)",
]
URL_ATTRIBUTES = {"href", "src"}
ALLOWED = {"href", "src", "alt", "title", "rel", "start", "align"}


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.attributes = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs


def read(source):
    reader = Reader()
    reader.feed(render_markdown(source))
    return reader


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_leaves_markup_that_acts(payload):
    page = read(payload)

    assert set(page.tags) <= TAGS
    assert {name for name, _value in page.attributes} <= ALLOWED
    urls = [value or "" for name, value in page.attributes if name in URL_ATTRIBUTES]
    assert [u for u in urls if not re.match(r"(https?://|mailto:|tel:|/(?![/\\])|#)", u)] == []
    sources = [value or "" for name, value in page.attributes if name == "src"]
    assert [s for s in sources if not s.startswith("/")] == []


def test_the_corpus_is_large_enough():
    assert len(PAYLOADS) >= 30


def test_ordinary_words_keep_their_form():
    html = render_markdown("**Bold** [link](https://ok.example) [mail](mailto:a@b.example)\n\n1. one\n2. two")

    assert "<strong>Bold</strong>" in html
    assert '<a href="https://ok.example" rel="nofollow noopener noreferrer">link</a>' in html
    assert '<a href="mailto:a@b.example"' in html
    assert "<ol>" in html


def test_a_picture_of_ours_stays_and_a_foreign_one_becomes_its_words():
    html = render_markdown("![plan](/attachments/1) ![spy](https://tracker.example/p.gif)")

    assert '<img src="/attachments/1" alt="plan">' in html
    assert "tracker" not in html
    assert "spy" in html


def test_a_heading_stands_below_the_headings_of_the_page():
    assert render_markdown("# One\n\n###### Six") == "<h3>One</h3>\n<h6>Six</h6>\n"


def test_nothing_gives_nothing():
    assert render_markdown(None) == ""
    assert render_markdown("") == ""
    assert plain_text(None) == ""


def test_deep_nesting_and_great_length_are_borne():
    assert len(render_markdown(">" * 20_000 + "x")) < 2_000_000
    assert "tail" not in render_markdown("word " * 30_000 + "tail")


def test_a_preview_is_one_line_of_words():
    assert (
        plain_text("# Head\n\n**Bold** `code` [link](https://x.example)\n\n- one", limit=30)
        == "Head Bold code link one"
    )
    assert plain_text("word " * 50, limit=20) == "word word word word…"
