"""The features there are, by key. Each is registered by an explicit import: the packer follows static imports alone."""

from collections.abc import Mapping

from leads.feature import Feature
from leads.features import downloads, lessons

FEATURES: Mapping[str, Feature] = {each.key: each for each in (downloads.FEATURE, lessons.FEATURE)}
