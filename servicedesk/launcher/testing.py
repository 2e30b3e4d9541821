"""`make test`: everything, browser included, against throwaway servers."""

import sys

from . import chromium, trial


def run(arguments: list[str]) -> int:
    """Run pytest with `arguments` and return its exit code. Raises Trouble if no browser can be had."""
    browser = chromium.ensure()
    command = ["env", f"CHROMIUM_BIN={browser}", sys.executable, "-m", "pytest", *arguments]
    return trial.run_command(command)
