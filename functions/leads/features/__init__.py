"""The features there are, by key. Each is registered by an explicit import: the packer follows static imports alone."""

from collections.abc import Mapping

from leads.feature import Feature
from leads.features import deadline, downloads, editions, lessons, more_questions, questions

FEATURES: Mapping[str, Feature] = {
    each.key: each
    for each in (
        deadline.FEATURE,
        downloads.FEATURE,
        editions.FEATURE,
        lessons.FEATURE,
        more_questions.FEATURE,
        questions.FEATURE,
    )
}
