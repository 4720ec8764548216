"""How a text is read, the reply to it, and the context of the next text.

A reading is a question with its fields, in words that a person recognizes.
"""

import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import date
from typing import TYPE_CHECKING, get_args

from core.answer import Answer, Aspect, Line
from core.errors import UsageError
from core.names.name_index import NameIndex
from core.questions import QUESTIONS, Question
from core.questions.fields import parse_size, parse_size_key
from core.questions.question import hints_of, read_day
from core.words import day, level, quote, tests_of

if TYPE_CHECKING:
    from bot.state.usage import Usage

_FIELD_TEMPLATES = {
    "as_of": "as of {}", "known_by": "known by {}", "since": "since {}", "until": "until {}", "day": "on {}",
    "access": "{} tests", "side": "{} model", "method": "method {}", "right": "against {}",
    "robust": "over all choices: {}", "price": "at ${} or less",
}  # fmt: skip
"""How fields are written; the others are their bare value."""
_SHOWN_SIDES = {"private": "private tests", "public": "public tests"}
_NAMES = ("benchmark", "model", "lab", "country", "term", "left", "right")
BRIEF = "brief"
"""The name of a reading that asks for a brief, which is no question."""


@dataclass(frozen=True)
class Reading:
    """How a text is understood.

    Without a `question`, `sentence` says why, or what can be asked. `name` and `fields` are the question's, with shown
    names and ISO days. `alternatives` are readings to choose from if several fit; then there is no question. `near`
    are other questions that the text may ask, the likeliest first, offered if there are no alternatives. `misread`
    names the question whose answer the person rejects. `extras` are parts of the text without a field. `aspect` is the
    part of the answer that is asked for, if any; `in_full` asks for all of it.

    It `is_certain` if a language model could add nothing: all words are understood, nothing is left aside and one
    thing is asked, or a model should not see the text.

    One that `is_brief` has no question; it asks for the brief of `brief_day`, or the newest.
    """

    name: str | None = None
    question: Question | None = None
    fields: Mapping[str, str | float] = field(default_factory=dict)
    understood: str = ""
    alternatives: tuple["Reading", ...] = ()
    near: tuple["Reading", ...] = ()
    misread: str = ""
    sentence: str | None = None
    extras: tuple[str, ...] = ()
    aspect: Aspect | None = None
    is_certain: bool = False
    in_full: bool = False

    @property
    def offers(self) -> tuple["Reading", ...]:
        """The readings to choose from if nothing is answered, in order of their numbers."""
        return () if self.question else self.alternatives or self.near

    @property
    def label(self) -> str:
        """The label as an offer; a bare name has the question's summary added."""
        if self.fields or self.question is None:
            return self.understood
        return f"{self.understood}: {re.split('[:;,.]', self.question.summary)[0]}"

    @property
    def is_brief(self) -> bool:
        """Whether it asks for a brief."""
        return self.name == BRIEF

    @property
    def brief_day(self) -> date | None:
        """The day of the requested brief, None for the newest."""
        return date.fromisoformat(str(self.fields["as_of"])) if "as_of" in self.fields else None

    @property
    def brief_since(self) -> date | None:
        """The day from which the requested brief has news, None for the usual month."""
        return date.fromisoformat(str(self.fields["since"])) if self.is_brief and "since" in self.fields else None


def make_reading(name: str, values: Mapping[str, str], names: NameIndex, extras: tuple[str, ...] = ()) -> Reading:
    """Make a reading from a question's name and its fields as texts."""
    fields = _shown_values(name, values)
    words = [write_field(key, value, fields, names) for key, value in fields.items()]
    understood = " · ".join([name.replace("_", " "), *words, *(f"{extra} left aside" for extra in extras)])
    try:
        return Reading(name, QUESTIONS[name].from_words(**values), fields, understood, extras=extras)
    except UsageError as error:
        return Reading(name, None, fields, understood, sentence=str(error), extras=extras)


def brief_reading(published: date | None, since: date | None = None) -> Reading:
    """Make the reading that asks for the brief of a day, None for the newest, with the news `since` a day."""
    fields = {"as_of": published and published.isoformat(), "since": since and since.isoformat()}
    understood = f"the {BRIEF} of {day(published)}" if published else f"the {BRIEF}" if since else f"the newest {BRIEF}"
    understood += f" since {day(since)}" if since else ""
    return Reading(
        BRIEF, fields={key: value for key, value in fields.items() if value}, understood=understood, is_certain=True
    )


def explain_bad_day(day_text: str) -> str:
    """Return the sentence about a text that looks like a day and is none."""
    try:
        read_day(day_text)
    except UsageError as error:
        return str(error)
    return f"{quote(day_text)} can't be read as a day."  # read_day knows more forms than the rules


def question_reading(question: Question, names: NameIndex) -> Reading:
    """Return a question as a reading, with shown names."""
    values = {key: shown_name(key, value, names) for key, value in field_texts(question).items()}
    return make_reading(question.name, values, names)


def shown_name(field_name: str, value: str, names: NameIndex) -> str:
    """Return the shown form of a name; other values stay."""
    if field_name not in _NAMES:
        return value
    mention = (names.of_terms if field_name == "term" else names).mention(value)
    return (mention and mention.value) or value


def field_texts(question: Question) -> dict[str, str]:
    """Return the set fields of a question, as texts for `from_words`."""
    values: dict[str, str] = {}
    for spec in fields(question):
        value = getattr(question, spec.name)
        is_preset = spec.default is not MISSING and value == spec.default
        if value is not None and not (is_preset and spec.name in ("method", "robust")):
            values[spec.name] = f"{value:g}" if isinstance(value, float) else str(value)
    return values


def _shown_values(name: str, values: Mapping[str, str]) -> dict[str, str | float]:
    """Return the values in the order of the fields, numbers as numbers."""
    hints = hints_of(QUESTIONS[name])
    numbers = {key for key, hint in hints.items() if float in (hint, *get_args(hint))}
    keys = (field.name for field in fields(QUESTIONS[name]) if field.name in values)
    return {key: float(values[key]) if key in numbers else values[key] for key in keys}


def write_field(key: str, value: str | float, fields: Mapping[str, str | float], names: NameIndex) -> str:
    """Write a field as a person would: "80 %", "as of 31 March 2026", "private tests"."""
    if isinstance(value, float) and key == "price":
        value = f"{value:g}"
    elif isinstance(value, float):
        return level(value, names.units.get(str(fields.get("benchmark")), "percent"))
    if key == "domain":
        value = tests_of(value)
    elif key == "size":
        memory = f" ({value})" if value.endswith(" GB") else ""
        value = f"models {parse_size_key(parse_size(value) or '').phrase}{memory}"
    elif key == "side":
        value = "an open" if value == "open" else "a closed"
    elif key in ("left", "right"):
        value = _SHOWN_SIDES.get(value, value)
    return _FIELD_TEMPLATES.get(key, "{}").format(_write_day(value))


def _write_day(value: str) -> str:
    """Write a day in words; other values stay."""
    try:
        return day(date.fromisoformat(value))
    except ValueError:
        return value


def apologize(last: Reading) -> Reading:
    """Return an apology for a misread text, with what else it may have asked."""
    near = last.near if last.question or last.name else ()
    advice = "choose what you meant" if near else "ask it in other words"
    sentence = f"Sorry, I misread that; {advice}."
    return Reading(alternatives=near, misread=last.name or "", sentence=sentence, is_certain=True)


# ---- the reply


@dataclass(frozen=True)
class Reply:
    """A reading with its answer, or with a `sentence` instead.

    `other_replies` answer further questions of the same text. `notice` is an extra line for the person, such as that
    rules answered since a budget is spent. `usage` is the use of a language model, if any.
    """

    reading: Reading
    answer: Answer | None = None
    sentence: str | None = None
    other_replies: tuple["Reply", ...] = ()
    notice: str | None = None
    usage: "Usage | None" = None

    @property
    def understood(self) -> str:
        """How the text was understood, all its questions."""
        return " + ".join(reply.reading.understood for reply in (self, *self.other_replies))

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines of a message on several questions: the first line of each answer, and the age of their data."""
        replies = (self, *self.other_replies)
        answers = [
            Line(reply.reading.understood, reply.answer.lines[0].text if reply.answer else reply.sentence or "")
            for reply in replies
        ]
        days = [line for reply in replies if reply.answer for line in reply.answer.first_look if line.is_day]
        return (*answers, *dict.fromkeys(days))


# ---- the context of a text


_MOST_QUESTIONS = 2


@dataclass(frozen=True)
class Context:
    """The last two answered questions, the newest last, and the reading of the last text, if any.

    `model` is the first model in the last answer, `model_before` the first in the answer before, `line` the last
    answer's first line; `older_brief` is the day of the brief before the one shown last; `winner` is the side of the
    last comparison that is ahead on all kinds of tests.
    """

    questions: tuple[Question, ...] = ()
    last: Reading | None = None
    model: str = ""
    older_brief: date | None = None
    winner: str = ""
    line: str = ""
    model_before: str = ""

    @property
    def previous(self) -> Question | None:
        """The last answered question."""
        return self.questions[-1] if self.questions else None

    @property
    def previous_name(self) -> str | None:
        """The name of the last answered question."""
        return self.previous.name if self.previous else None

    @property
    def day(self) -> date | None:
        """The day of the last question or brief, None if it has none."""
        if self.last and self.last.is_brief:
            return self.last.brief_day
        days = (getattr(self.previous, name, None) for name in ("as_of", "until", "since", "day"))
        return next(filter(None, days), None)

    def after_question(self, question: Question, last: Reading | None = None, model: str = "") -> "Context":
        """Return the context after a question was answered."""
        return Context((*self.questions, question)[-_MOST_QUESTIONS:], last, model)

    def after_reply(self, reply: Reply) -> "Context":
        """Return the context after a reply; a text without a question keeps the last questions."""
        if reply.reading.question is None:
            return replace(self, last=reply.reading, older_brief=None)
        facts = reply.answer.facts if reply.answer else ()
        model = next((fact.model for fact in facts if fact.model), "")
        context = self.after_question(reply.reading.question, reply.reading, model)
        differences = (fact.value for fact in facts if fact.key.startswith("difference."))
        signs = {difference > 0 for difference in differences if isinstance(difference, float)}
        side = getattr(context.previous, "right" if signs == {True} else "left", "") if len(signs) == 1 else ""
        line = reply.answer.first_look[0].text if reply.answer else ""
        return replace(context, winner=side, line=line, model_before=self.model)

    def after_brief(self, day: date | None) -> "Context":
        """Return the context after a brief was shown, with the day of the one before it."""
        return replace(self, older_brief=day)


NEW = Context()
"""The context of a first text."""
