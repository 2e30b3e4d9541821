"""`python -m servicedesk.launcher.health NAME SECONDS`: is the process NAME at work? For containers' health checks.

Every process names itself to PostgreSQL (DESK_APP). One that asked the database nothing for SECONDS is not at work:
the engine and the workers ask at least every few seconds. Needs no Django, so it is quick.
"""

import os
import sys

LAST_WORD = """
    SELECT extract(epoch FROM clock_timestamp() - max(state_change))
    FROM pg_stat_activity WHERE application_name = %s AND pid <> pg_backend_pid()
"""


def silence(url: str, name: str) -> float | None:
    """Return the seconds since the last statement of the process `name`; None if it has no connection."""
    import psycopg2

    link = psycopg2.connect(url, connect_timeout=4, application_name="health")
    try:
        with link, link.cursor() as sql:
            sql.execute(LAST_WORD, [name])
            seconds = sql.fetchone()[0]
    finally:
        link.close()
    return None if seconds is None else float(seconds)


def main(name: str, limit: str) -> int:
    """Return 0 if the process was heard of within `limit` seconds, else say what is wrong and return 1."""
    heard = silence(os.environ["DATABASE_URL"], name)
    if heard is not None and heard <= float(limit):
        return 0
    print(f"{name} has no connection" if heard is None else f"{name} said nothing for {heard:.0f} s")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
