"""The doctor: what keeps a deployed funnel's mails from arriving, found before the leads find it.

A check is two functions: one looks (`*_facts.py`, the only code here that asks AWS, DNS or the web) and hands over
plain facts; the other judges (`*_checks.py`, pure). `examination.py` lists them all and runs them.
"""
