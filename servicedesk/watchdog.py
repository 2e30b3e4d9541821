"""Watches the desk from another host: mails (and texts) a printed list of people when timers stand still.

Needs nothing but Python 3.11: copy this file and run `python watchdog.py watchdog.ini`. It knows nothing of the desk's
database, Redis, workers or mail settings, so it speaks when all of them are silent.

    [desk]
    url = https://desk.example.net/healthz/engine
    token = the desk's DESK_HEALTH_TOKEN
    every_s = 15
    stale_s = 60           no fresh beat for so long raises the alarm
    repeat_s = 300         while it lasts, tell again after so long

    [smtp]
    host = smtp.elsewhere.example
    port = 587
    user = watchdog
    password = …
    tls = yes
    sender = watchdog@elsewhere.example

    [people]
    to = duty@example.net, head@example.net

    [gateway]              optional: also POSTed to, as JSON {"to": …, "text": …}
    url = https://sms.example.net/send
    key = …
    to = +61400000001, +61400000002
"""

import configparser
import json
import smtplib
import ssl
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage

TIMEOUT_S = 10


@dataclass
class Watch:
    """What is known between two looks. Times are seconds of a clock that never jumps."""

    stale_s: float
    repeat_s: float
    fresh_at: float
    down_since: float | None = None
    told_at: float | None = None

    def look(self, now: float, trouble: str) -> str:
        """Take one look at `now`; `trouble` "" = a fresh beat. Return what to tell people, "" for nothing."""
        if not trouble:
            ended = self.told_at is not None
            lasted = round(now - self.down_since) if self.down_since is not None else 0
            self.fresh_at, self.down_since, self.told_at = now, None, None
            return f"The desk keeps time again, after {lasted} s." if ended else ""
        self.down_since = self.fresh_at if self.down_since is None else self.down_since
        silent = now - self.fresh_at
        if silent < self.stale_s or (self.told_at is not None and now - self.told_at < self.repeat_s):
            return ""
        self.told_at = now
        return f"The desk's timers may stand still: {trouble} No fresh beat for {round(silent)} s. Call by the list."


def trouble_at(url: str, token: str, stale_s: float) -> str:
    """Ask the desk once. Return one sentence of what is wrong, "" when an engine beat lately and nothing is late."""
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
            seen = json.load(answer)
    except urllib.error.HTTPError as error:
        return f"it answers {error.code}."
    except (OSError, ValueError) as error:
        return f"it does not answer ({type(error).__name__})."
    beats = seen.get("engine_beats_seconds_ago", {}).values()
    if min(beats, default=stale_s + 1) > stale_s:
        return "no engine beats."
    return "" if seen.get("ok") else f"it is {seen.get('lag_seconds')} s late."


def mail(settings: configparser.SectionProxy, to: str, text: str) -> None:
    """Send one letter to everybody on the list by the watchdog's own mail server."""
    letter = EmailMessage()
    letter["Subject"], letter["From"], letter["To"] = text[:120], settings["sender"], to
    letter.set_content(text)
    with smtplib.SMTP(settings["host"], settings.getint("port", 25), timeout=TIMEOUT_S) as server:
        if settings.getboolean("tls", False):
            server.starttls(context=ssl.create_default_context())
        if settings.get("user"):
            server.login(settings["user"], settings["password"])
        server.send_message(letter)


def text_all(settings: configparser.SectionProxy, text: str) -> None:
    """POST the words to the gateway for every number of the list."""
    for number in settings["to"].split(","):
        body = json.dumps({"to": number.strip(), "text": text}).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {settings.get('key', '')}"}
        urllib.request.urlopen(  # noqa: S310
            urllib.request.Request(settings["url"], data=body, headers=headers), timeout=TIMEOUT_S  # noqa: S310
        ).close()  # fmt: skip


def tell(config: configparser.ConfigParser, text: str) -> None:
    """Tell people by every way that is configured; one that fails does not stop the other."""
    _say(text)
    ways: list[Callable[[], None]] = [lambda: mail(config["smtp"], config["people"]["to"], text)]
    if config.has_section("gateway"):
        ways.append(lambda: text_all(config["gateway"], text))
    for way in ways:
        try:
            way()
        except (OSError, smtplib.SMTPException) as error:
            _say(f"could not tell: {type(error).__name__}: {error}")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(path: str) -> None:
    """Look for ever."""
    config = configparser.ConfigParser(interpolation=None, inline_comment_prefixes=("  ",))
    if not config.read(path):
        sys.exit(f"There is no file {path}.")
    desk = config["desk"]
    stale_s = desk.getfloat("stale_s", 60)
    watch = Watch(stale_s=stale_s, repeat_s=desk.getfloat("repeat_s", 300), fresh_at=time.monotonic())
    while True:
        words = watch.look(time.monotonic(), trouble_at(desk["url"], desk.get("token", ""), stale_s))
        if words:
            tell(config, words)
        time.sleep(desk.getfloat("every_s", 15))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "watchdog.ini")
