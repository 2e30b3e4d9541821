"""Numbers people say aloud: one sequence each, never reused, gaps allowed (decisions 13)."""

from django.db import connection


def next_number() -> str:
    """Return the next ticket number, "SD-000123". A rolled back transaction leaves a gap."""
    return f"SD-{_next('ticket_number_seq'):06d}"


def next_window_number() -> str:
    """Return the next number of planned work, "MW-0412"."""
    return f"MW-{_next('maintenance_number_seq'):04d}"


def next_problem_number() -> str:
    """Return the next number of a problem, "PR-0121"."""
    return f"PR-{_next('problem_number_seq'):04d}"


def next_major_number() -> str:
    """Return the next number of a major incident, "MI-0027"."""
    return f"MI-{_next('major_number_seq'):04d}"


def _next(sequence: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [sequence])
        return int(cursor.fetchone()[0])
