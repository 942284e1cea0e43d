"""The doctor finds what keeps the mails of a deployed funnel from arriving.

A check is two functions: one reads facts (`*_facts.py`, the only code here that asks AWS, DNS or the web), the other
turns them into findings (`*_checks.py`, pure). `examination.py` lists all checks and runs them.
"""
