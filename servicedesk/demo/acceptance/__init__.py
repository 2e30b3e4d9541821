"""Two organisations with one of everything, users of every role, tokens of every scope: for tests from outside."""
