"""The build side's registry of features, by key. Each is added here by hand, as in `leads.features`."""

from collections.abc import Mapping

from lodestone.features.deadline import DeadlineFeature
from lodestone.features.downloads import Downloads
from lodestone.features.editions import EditionsFeature
from lodestone.features.feature import Feature
from lodestone.features.lessons import Lessons
from lodestone.features.more_questions import MoreQuestions
from lodestone.features.questions import Questions

FEATURES: Mapping[str, Feature] = {
    each.key: each
    for each in (Downloads(), DeadlineFeature(), EditionsFeature(), Lessons(), MoreQuestions(), Questions())
}
