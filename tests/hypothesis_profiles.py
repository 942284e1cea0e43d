"""How many examples the property tests try: few while somebody works on the code, many where it counts.

`dev` is for every save; `ci` is as thorough as the tests ask for. HYPOTHESIS_PROFILE chooses, else CI (set on every
build server) means `ci`. Examples are drawn anew in each run, so that runs add up; a failure prints what repeats it.
"""

import os

from hypothesis import settings

settings.register_profile("dev", max_examples=10, deadline=None, print_blob=True)
settings.register_profile("ci", max_examples=100, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))


def examples(times: float) -> settings:
    """For a property that wants more examples, or fewer, than others: so many times those of the profile."""
    return settings(max_examples=round(settings.default.max_examples * times))
