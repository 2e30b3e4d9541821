"""What the launcher says: one sentence at a time, remedies included."""

import sys


class Trouble(Exception):
    """Something is missing or wrong; the message is the sentence, with its remedy, that the person reads."""


def say(sentence: str) -> None:
    """Print one line at once, also into a pipe."""
    print(sentence, flush=True)


def warn(sentence: str) -> None:
    """Print one line to standard error."""
    print(sentence, file=sys.stderr, flush=True)
