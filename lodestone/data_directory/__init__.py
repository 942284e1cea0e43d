"""The data directory of the local stack: its SQLite file and its clock. `serve` writes it, other commands read it."""
