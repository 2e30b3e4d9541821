"""The fewest rows that make a thing true. `cast` holds the people with fixed parts."""
