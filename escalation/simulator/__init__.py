"""The independent auditor: what should have fired, worked out from the log alone (escalation-engine design).

`plan`, `windows`, `shapes`, `people`, `compare` and `synthetic` import neither Django nor anything of the engine.
`history` reads the desk's own tables into their words; nothing of the engine imports any of it.
"""
