"""A deployed stack: its outputs, its clients, its published definitions, and the errors of AWS."""
