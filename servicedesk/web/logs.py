"""Log lines: one per event, no line breaks from outside, no tokens (security 1.9, decisions 18)."""

import logging
import re

_TOKEN = re.compile(r"(/(?:a|c|s|on-call)/)[A-Za-z0-9_-]{8,}")
_SECRET = re.compile(r"(?i)((?:bearer|token|password|pin|code|answer)[\"'=: ]+)[^\s,;}\"']{4,}")


class LineFormatter(logging.Formatter):
    """Formats a record as one line; CR and LF become spaces, link tokens and secrets become dots."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Return the redacted line, the traceback on lines of its own."""
        trace, record.exc_text = record.exc_info, None
        record.exc_info = None
        line = super().format(record).replace("\r", " ").replace("\n", " ")
        record.exc_info = trace
        if trace:
            line += "\n" + self.formatException(trace)
        return _SECRET.sub(r"\1…", _TOKEN.sub(r"\1…", line))
