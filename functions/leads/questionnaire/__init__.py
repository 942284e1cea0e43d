"""A questionnaire: its questions, who sees which, what the answers are worth, and what comes of them.

The build compiles an author's questions to one tree (`tree`), part of the funnel definition. Two programs walk
it, `walk` here and `site/assets/questions.js` in the browser, by the same rules:

1. Questions are looked at in their order. One with a `show_if` is visible if the condition holds for the
   answers of the *visible* questions before it. A condition never looks ahead.
2. A hidden question is not read, whatever was posted for it: it is never required, scored, stored or mailed.
3. An answer that is not valid (an option that is not offered, too many choices, no number) is an error, and
   counts as no answer for the conditions behind it.
4. Of one choice posted several times the last counts; several choices are taken in the order of the options,
   each once.

What the answers are worth is decided on the server alone (`scores`), so the page holds no points.
"""
