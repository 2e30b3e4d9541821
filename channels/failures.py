"""How sending says no."""


class SendFailed(Exception):
    """A provider did not take a message. `final` = it never will (5xx, bad address); else another try may do."""

    def __init__(self, error: str, *, final: bool = False) -> None:
        super().__init__(error)
        self.final = final
