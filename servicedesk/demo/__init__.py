"""The demonstration world: a small carrier's response centre, twelve customers, forty tickets with a true history.

people, customers   who is there (data)
centre, clients     who is there (rows)
rosters, holidays   who is on call, which days are closed
director            runs the stories in one order of time, firing what falls due between two steps
story, stories/     the tickets, told through the commands every door uses
"""
