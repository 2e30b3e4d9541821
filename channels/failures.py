"""How sending says no."""


class SendFailed(Exception):
    """A provider did not take a message. `final` = it never will (5xx, bad address); else another try may do."""

    def __init__(self, error: str, *, final: bool = False) -> None:
        super().__init__(error)
        self.final = final


class Rests(SendFailed):
    """Not tried: the receiver's domain still owes an answer to another message. Does not count as a try."""
