"""Does the ledger still say what was written? (decisions 9)"""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ledger.anchor import newest_file, read_anchor
from ledger.clock import now
from ledger.errors import Refused
from ledger.verify import verify


class Command(BaseCommand):
    """`manage.py verify_ledger [--anchor [FILE]] [--chain NAME]`: exits 1 and names the first broken entry."""

    help = "Check every hash chain, side text and redaction; with --anchor also for cut tails and deleted chains."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        """Which chain, and which anchor."""
        parser.add_argument("--chain", help="only this chain, for example ticket:SD-000123")
        parser.add_argument("--anchor", nargs="?", const="", help="hold against the newest anchor file, or this one")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify and print one line, or the findings."""
        chain, named = options["chain"], options["anchor"]
        try:
            anchor = None if named is None else read_anchor(Path(named) if named else newest_file())
        except Refused as refusal:
            raise CommandError(str(refusal.message)) from refusal
        report = verify(at=now(), chain=chain, anchor=anchor)
        if chain and not report.entries:
            raise CommandError(f"There is no chain {chain}.")
        held = f", held against the anchor of {anchor.at:%Y-%m-%d %H:%M} UTC" if anchor else ""
        counted = f"{report.entries} entries in {report.chains} chains and {report.texts} texts{held}"
        if report.holds:
            self.stdout.write(f"The ledger holds: {counted}.")
            return
        self.stderr.write(f"The ledger is broken; checked {counted}. First: {report.broken[0]}")
        for finding in report.broken[1:]:
            self.stderr.write(f"  {finding}")
        sys.exit(1)
