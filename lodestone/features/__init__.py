"""The build side's registry of features, by key. Each is added here by hand, as in `leads.features`."""

from collections.abc import Mapping

from lodestone.features.deadline import DeadlineFeature
from lodestone.features.downloads import Downloads
from lodestone.features.feature import Feature

FEATURES: Mapping[str, Feature] = {each.key: each for each in (Downloads(), DeadlineFeature())}
