"""Who is on call, computed: pure shapes and turns, read from rows, written out sixty days ahead.

shapes   rosters, layers, overrides as plain values      turns     when which member of a layer is on
schedule  what follows for a stretch of time or an instant   spans     arithmetic of stretches
read     rows → shapes                                    fill      shapes → RosterSlot rows
gaps     hours nobody covers                              nightly   what housekeeping does once a day
"""
