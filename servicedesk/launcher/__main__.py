"""`python3 -m servicedesk.launcher …`: run, test, exec, servers, sync, secrets."""

import argparse
import sys

from . import venv
from .words import Trouble, warn


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    top = argparse.ArgumentParser(prog="servicedesk.launcher", description=__doc__)
    verbs = top.add_subparsers(dest="verb", required=True)
    verbs.add_parser("run", help="start the whole desk with demonstration data, until Ctrl-C")
    test = verbs.add_parser("test", help="run pytest against throwaway servers")
    test.add_argument("arguments", nargs=argparse.REMAINDER)
    run = verbs.add_parser("exec", help="run a command against throwaway servers: exec -- CMD…")
    run.add_argument("--keep", action="store_true", help="use the kept servers of the data folder instead")
    run.add_argument("--durable", action="store_true", help="throwaway servers that write as in earnest (benchmarks)")
    run.add_argument("arguments", nargs=argparse.REMAINDER)
    hold = verbs.add_parser("servers", help="hold throwaway servers and print the variables to export")
    hold.add_argument("--name", default="desk", help="a word for the test database's name")
    sync = verbs.add_parser("sync", help="bring the virtual environment to the lock")
    sync.add_argument("kind", choices=sorted(venv.LOCKS), nargs="?", default="dev")
    verbs.add_parser("secrets", help="write .env with fresh secrets for compose")
    return top


def command_of(arguments: list[str]) -> list[str]:
    """Return the words after `--`."""
    return arguments[1:] if arguments[:1] == ["--"] else arguments


def act(options: argparse.Namespace, argv: list[str]) -> int:
    """Do what was asked and return the exit code."""
    if options.verb == "secrets":
        from . import dotenv

        return dotenv.write()
    if options.verb == "sync":
        venv.ensure(options.kind)
        return 0
    venv.enter("run" if options.verb == "run" else "dev", argv)
    if options.verb == "run":
        from . import desk

        return desk.run()
    if options.verb == "servers":
        from . import trial

        return trial.hold(options.name)
    if options.verb == "test":
        from . import testing

        return testing.run(command_of(options.arguments))
    command = command_of(options.arguments)
    if not command:
        raise Trouble("Say what to run: exec -- COMMAND.")
    if options.keep:
        from . import desk

        return desk.run_beside(command)
    from . import trial

    return trial.run_command(command, durable=options.durable)


def main(argv: list[str]) -> int:
    """Run one verb; trouble is one sentence and exit code 1."""
    try:
        return act(parser().parse_args(argv), argv)
    except Trouble as trouble:
        warn(str(trouble))
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
