"""The quiz on a lesson's page: the form, and after an attempt what was right, with the feedback of each answer."""

from html import escape

from leads.placeholders import Html
from leads.progress import QuizAttempt
from leads.quiz import MULTIPLE, NUMBER, Choice, Quiz, QuizQuestion, in_order, is_over, is_right, needed


def draw_quiz(quiz: Quiz, last: QuizAttempt | None, lead: str, action: str, hidden: str) -> Html:
    """The quiz as this learner has it. `last` is their last attempt, None before the first."""
    made = last.number if last else 0
    passed = last is not None and last.passed
    over = is_over(quiz, made, passed)
    pieces = [f'<h2 id="quiz">{_TITLE}</h2>']
    if last:
        pieces.append(_result(quiz, last, reveals=over))
    if not over:
        pieces.append(_form(quiz, lead, made, action, hidden))
    return Html(f'<section class="quiz" aria-labelledby="quiz">{"".join(pieces)}</section>')


_TITLE = "Quiz"


def _form(quiz: Quiz, lead: str, made: int, action: str, hidden: str) -> str:
    questions = "".join(_ask(each, lead, made) for each in quiz.questions)
    words = "Answer" if not made else "Answer again"
    own = f'<input type="hidden" name="attempt" value="{made}">'
    own += f'<input type="hidden" name="edition" value="{quiz.edition}">'
    left = ""
    if quiz.attempts:
        count = quiz.attempts - made
        left = f'<p class="help">You have {count} {"attempt" if count == 1 else "attempts"}.</p>'
    button = f'<button name="do" value="answer">{words}</button>'
    return f'<form action="{action}" method="post">{hidden}{own}{questions}{left}{button}</form>'


def _ask(question: QuizQuestion, lead: str, made: int) -> str:
    name = f"q-{question.id}"
    if not question.choices:
        mode = ' inputmode="decimal"' if question.type == NUMBER else ""
        field = f'<input id="{name}" name="{name}" maxlength="200" autocomplete="off" required{mode}>'
        return f'<div class="field"><label for="{name}">{question.html}</label>{field}</div>'
    type = "checkbox" if question.type == MULTIPLE else "radio"
    needs = "" if question.type == MULTIPLE else " required"
    choices = "".join(
        f'<div class="choice"><input type="{type}" id="{name}-{each.id}" name="{name}" value="{each.id}"{needs}>'
        f'<label for="{name}-{each.id}">{each.html}</label></div>'
        for each in in_order(question, lead, made)
    )
    several = ' <span class="optional">(all that apply)</span>' if question.type == MULTIPLE else ""
    return f'<fieldset class="field"><legend>{question.html}{several}</legend>{choices}</fieldset>'


def _result(quiz: Quiz, last: QuizAttempt, *, reveals: bool) -> str:
    said = f"{last.right} of {last.of} right."
    said += " You have passed." if last.passed else f" {needed(quiz)} right answers pass."
    if last.edition != quiz.edition:
        return f'<p role="status"><strong>{said}</strong> The quiz has changed since.</p>'
    told = "".join(_told(each, last, reveals) for each in quiz.questions)
    return f'<div class="result"><p role="status"><strong>{said}</strong></p><ol>{told}</ol></div>'


def _told(question: QuizQuestion, last: QuizAttempt, reveals: bool) -> str:
    """A question, what was answered and whether that was right, its feedback, and what is right if that may be told."""
    given = last.answers.get(question.id, ())
    right = is_right(question, given)
    verdict, sign = ("right", "✓ Right") if right else ("not-right", "✗ Not right")
    chosen = [each for each in question.choices if each.id in given]
    words = ", ".join(each.html for each in chosen) if question.choices else escape(", ".join(given))
    feedback = [each.feedback for each in chosen if each.feedback]
    feedback += [question.feedback] if question.feedback and (right or reveals) else []
    if reveals and not right:
        feedback.append(f"Right: {_right_of(question)}")
    notes = "".join(f'<p class="help">{each}</p>' for each in feedback)
    said = f"<p>{question.html}</p><p><em>{sign}</em> · {words or 'no answer'}</p>"
    return f'<li class="{verdict}">{said}{notes}</li>'


def _right_of(question: QuizQuestion) -> str:
    right: list[Choice] = [each for each in question.choices if each.right]
    return ", ".join(each.html for each in right) or escape(
        " or ".join(question.answers).replace("..", " to ")
    )
