"""The one way a command says no."""

from typing import Any


class Refused(Exception):
    """A command would break a rule. Nothing was written.

    code     stable, machine-readable ("not_verified").
    message  one sentence for a person: what stopped it and the way out. May be lazy.
    field    name of the input at fault, None when it is not about one input.
    details  JSON-able extras for the door (current version, who may, attempts left).
    """

    def __init__(self, code: str, message: Any, field: str | None = None, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.field = field
        self.details = details

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"
