"""Signing in by the page, as a browser would."""

PASSWORD = "a-long-enough-word-1"
HOME = "/accounts/sessions/"


def sign_in(client, email="bo@desk.example", password=PASSWORD):
    """Post the sign-in page and return its answer."""
    return client.post("/accounts/login/", {"login": email, "password": password})


def signed_in(client) -> bool:
    """Whether the client's session opens a page of one's own."""
    return client.get(HOME).status_code == 200
