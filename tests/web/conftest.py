"""A stage for behaviours: real Chromium, our static files, pages given by the test, the strict content policy."""

import mimetypes
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.web.pages import STATIC

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HOST = "http://desk.test"
FRAME = """<!doctype html>
<html lang="en" data-bs-theme="light" data-now="2026-06-16T14:32:08+10:00" data-speed="{speed}">
<head><meta charset="utf-8"><title>Stage</title>
<meta name="htmx-config" content='{{"includeIndicatorCSS": false, "mode": "same-origin",
 "noSwap": [204, 304, "401", "403", "404", "409", "412", "5xx"]}}'>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/static/css/desk.css">
<script defer src="/static/vendor/htmx-4.0.1/htmx.min.js"></script>
<script type="module" src="/static/js/desk.js"></script></head>
<body hx-headers:inherited='{{"X-CSRFToken": "first"}}'
 data-t-over="{{t}} over" data-t-left="{{t}} left" data-t-in="in {{t}}"
 data-t-hours="{{h}} h {{m}}" data-t-soon="{{what}}: due in {{t}}" data-t-breached="{{what}}: over time"
 data-keys="on" {body_attrs}>
<main id="main">{body}</main><div id="say" role="status"></div><div class="sd-toasts" id="toasts"></div>
<template id="toast"><div class="sd-gate" data-toast><svg><use href="#"/></svg><p><strong></strong><span></span></p>
<button data-toast-close>Close</button></div></template>
<template id="words"
 data-e500="Failed" data-e500-text="Reference {{ref}}." data-e404="Gone" data-e404-text="Load again."
 data-e401="Session ended" data-e401-text="Sign in again." data-offline="No line" data-offline-text="Kept."
 data-stale="No live data since {{t}}."></template></body></html>"""


class Stage:
    """A page and the answers of its server: `answers[path]` takes the request, gives (status, body, headers)."""

    def __init__(self, page):
        self.page, self.answers, self.asked, self.problems = page, {}, [], []
        page.on("console", lambda m: self.problems.append(m.text) if "Content Security Policy" in m.text else None)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.route(re.compile(re.escape(HOST)), self._answer)

    def _answer(self, route) -> None:
        request = route.request
        path = request.url.removeprefix(HOST).split("?")[0]
        if path.startswith("/static/"):
            file = STATIC / Path(path.removeprefix("/static/"))
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            return route.fulfill(status=200, body=file.read_bytes(), headers={"Content-Type": kind})
        self.asked.append(request)
        answer: Callable | None = self.answers.get(path)
        status, body, headers = answer(request) if answer else (404, "", {})
        headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": POLICY, **headers}
        return route.fulfill(status=status, body=body, headers=headers)

    def show(self, body: str, *, speed: float = 1, body_attrs: str = "", path: str = "/"):
        """Open a page holding `body` in the frame's surroundings; returns the Playwright page."""
        html = FRAME.format(body=body, speed=speed, body_attrs=body_attrs)
        self.answers[path] = lambda request: (200, html, {})
        self.page.goto(HOST + path)
        self.page.wait_for_selector("html[data-ready]")
        return self.page


@pytest.fixture
def stage(chromium_browser):
    """A fresh context; the test fails on a script error or a breach of the content policy."""
    context = chromium_browser.new_context()
    made = Stage(context.new_page())
    yield made
    problems = made.problems
    context.close()
    assert problems == []
