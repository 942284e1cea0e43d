"""A survey or quiz: questions, and for each who answers them a result of their own."""

from pathlib import Path

from lodestone.kinds import Kind

KIND = Kind(
    name="survey",
    template="kinds/survey.html",
    card_template="cards/survey.html",
    features=("questions", "downloads", "more_questions"),
    needs=("questions",),
    starter=Path(__file__).parent / "survey_starter",
    mails=Path(__file__).parent / "survey_mails",
    delivers="your result",
    linked_type="Quiz",
    anchors=("form", "outcomes"),
)
