"""The floor beside the lanes of the live board: tickets, calls, people, decisions that wait (journey 4)."""
