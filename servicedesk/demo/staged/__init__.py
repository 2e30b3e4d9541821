"""Full-stack simulation: the real engine driven through a scenario or a log in a database of its own, and compared with
what `plan` says of the same events (docs/simulator.md)."""
