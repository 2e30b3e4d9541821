"""People and machines at the desk's doors over HTTP: they sign in through the form and keep their cookies."""

import re
from typing import Any

import requests

from tests.journeys.furnish import PASSWORD

SECONDS = 30


class Person:
    """One signed-in person. `post` sends a form with its token, `run` a command of the API with the ticket's ETag."""

    def __init__(self, base: str, email: str) -> None:
        self.base, self.http = base, requests.Session()
        self.get("/accounts/login/")
        answer = self.post("/accounts/login/", login=email, password=PASSWORD)
        assert answer.status_code == 302, answer.text[:2000]

    def get(self, path: str, **query: Any) -> requests.Response:
        """GET a page."""
        return self.http.get(self.base + path, params=query, timeout=SECONDS)

    def post(self, path: str, **fields: Any) -> requests.Response:
        """POST a form, as the browser would."""
        headers = {"Referer": self.base + path, "X-CSRFToken": self._csrf()}
        return self.http.post(self.base + path, fields, headers=headers, timeout=SECONDS, allow_redirects=False)

    def api(self, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        """Ask the API; header names with underscores for dashes."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent |= {"Referer": self.base, "X-CSRFToken": self._csrf()}
        url = f"{self.base}/api/v1/{path}"
        return self.http.request(method, url, json=body, headers=sent, timeout=SECONDS)

    def ticket(self, number: str) -> dict[str, Any]:
        """The ticket as the API shows it."""
        return self.api("GET", f"tickets/{number}/").json()

    def run(self, number: str, command: str, **body: Any) -> dict[str, Any]:
        """Run one command and return the ticket afterwards; fails unless it was done."""
        answer = self.attempt(number, command, **body)
        assert answer.status_code == 200, f"{command}: {answer.status_code} {answer.text}"
        return answer.json()

    def attempt(self, number: str, command: str, **body: Any) -> requests.Response:
        """Run one command with the present ETag, whatever comes of it."""
        tag = self.api("GET", f"tickets/{number}/").headers["ETag"]
        return self.api("POST", f"tickets/{number}/{command}/", body, If_Match=tag)

    def _csrf(self) -> str:
        return self.http.cookies.get("csrftoken", "")


class Robot(Person):
    """An integration with a token."""

    def __init__(self, base: str, token: str) -> None:
        self.base, self.http = base, requests.Session()
        self.http.headers["Authorization"] = f"Bearer {token}"


class Stranger(Person):
    """Somebody who is not signed in: a manager's phone."""

    def __init__(self, base: str) -> None:
        self.base, self.http = base, requests.Session()


def link_in(letter: Any, folder: str) -> str:
    """The path of the one-tap link in a letter: `folder` is "c" or "s"."""
    text = letter.get_body(("plain",)).get_content()
    found = re.search(rf"/{folder}/[\w-]+/", text)
    assert found, text
    return found[0]
