"""The build side's registry of features, by key. Each is added here by hand, as in `leads.features`."""

from collections.abc import Mapping

from lodestone.features.downloads import Downloads
from lodestone.features.feature import Feature
from lodestone.features.lessons import Lessons

FEATURES: Mapping[str, Feature] = {each.key: each for each in (Downloads(), Lessons())}
