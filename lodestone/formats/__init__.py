"""Dates, spans, steps and counts, formatted for people. Sizes of files are in `leads.sizes`."""
