"""Starts the whole desk, or its tests, on a machine that has nothing but Python and make.

Only the standard library is used until the virtual environment exists.
"""
