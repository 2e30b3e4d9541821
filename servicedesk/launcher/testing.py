"""`make test`: everything, browser included, against throwaway servers.

Without arguments in two rounds: first on two workers what can share the machine, then, alone, what starts processes
of its own or measures time. With arguments: one pytest with them.
"""

import sys

from . import chromium, trial
from .words import say

TOGETHER = ["-m", "not alone", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
ALONE = ["-m", "alone"]


def run(arguments: list[str]) -> int:
    """Run pytest and return its exit code, the first that is not 0. Raises Trouble if no browser can be had."""
    browser = chromium.ensure()
    rounds = [arguments] if arguments else [TOGETHER, ALONE]
    code = 0
    for words in rounds:
        say(f"pytest {' '.join(words)}")
        command = ["env", f"CHROMIUM_BIN={browser}", sys.executable, "-m", "pytest", *words]
        code = trial.run_command(command) or code
    return code
