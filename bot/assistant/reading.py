"""What a text was understood as, the reply to it, and what was said before the next one.

A reading is a question with its fields, in words that let a person see it at once.
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
from core.questions.question import hints_of
from core.words import day, level, tests_of

if TYPE_CHECKING:
    from bot.state.usage import Usage

_WORDED = {
    "as_of": "as of {}", "known_by": "known by {}", "since": "since {}", "until": "until {}", "day": "on {}",
    "access": "{} tests", "side": "{} model", "method": "method {}", "right": "against {}",
    "robust": "over all choices: {}", "price": "at ${} or less",
}  # fmt: skip
"""How a field is told; any other is its value alone."""
_SHOWN = {"private": "private tests", "public": "public tests"}
_NAMES = ("benchmark", "model", "lab", "country", "term", "left", "right")
BRIEF = "brief"
"""The name of a reading that asks for a brief, which each face shows as it shows briefs: it is no question."""


@dataclass(frozen=True)
class Reading:
    """How a text is understood.

    `question` is None where it can't be asked like that: then `sentence` says why, or what can. `name` and `fields`
    are the question's, names as they are shown and days in ISO form. `alternatives` are readings to choose from, where
    several fit as well: then this one is none. `near` are other questions that the text may ask, the likeliest first:
    an offer where there is none of these. `misread` names the question whose answer is said to be none that was asked.
    `aside` is what of the text found no place. `aspect` is what of the
    question was asked, None where no one thing was. It `is_certain` where a model could add nothing: every word of the
    text was understood, nothing was left aside and one thing is asked, or it is nothing that a model should see.

    `in_full` says that all of the answer was asked for.

    One that `is_brief` has no question either: a brief is asked for, that of `brief_day` or the newest.
    """

    name: str | None = None
    question: Question | None = None
    fields: Mapping[str, str | float] = field(default_factory=dict)
    understood: str = ""
    alternatives: tuple["Reading", ...] = ()
    near: tuple["Reading", ...] = ()
    misread: str = ""
    sentence: str | None = None
    aside: tuple[str, ...] = ()
    aspect: Aspect | None = None
    is_certain: bool = False
    in_full: bool = False

    @property
    def offers(self) -> tuple["Reading", ...]:
        """What a person may choose where nothing is answered, in the order of the numbers."""
        return () if self.question else self.alternatives or self.near

    @property
    def label(self) -> str:
        """How it is offered: as it is understood; a name alone says nothing, and has what it answers beside it."""
        if self.fields or self.question is None:
            return self.understood
        return f"{self.understood}: {re.split('[:;,.]', self.question.summary)[0]}"

    @property
    def is_brief(self) -> bool:
        """Whether a brief is asked for."""
        return self.name == BRIEF

    @property
    def brief_day(self) -> date | None:
        """The day whose brief is asked for, None for the newest."""
        return date.fromisoformat(str(self.fields["as_of"])) if "as_of" in self.fields else None


def make_reading(name: str, values: Mapping[str, str], known: NameIndex, aside: tuple[str, ...] = ()) -> Reading:
    """Make a reading from a question's name and its fields as texts."""
    shown = _shown(name, values)
    words = [write_field(key, value, shown, known) for key, value in shown.items()]
    understood = " · ".join([name.replace("_", " "), *words, *(f"{each} left aside" for each in aside)])
    try:
        return Reading(name, QUESTIONS[name].from_words(**values), shown, understood, aside=aside)
    except UsageError as error:
        return Reading(name, None, shown, understood, sentence=str(error), aside=aside)


def brief_reading(published: date | None) -> Reading:
    """Make the reading of who asks for the brief of a day, None for the newest."""
    if published is None:
        return Reading(BRIEF, understood=f"the newest {BRIEF}", is_certain=True)
    fields = {"as_of": published.isoformat()}
    return Reading(BRIEF, fields=fields, understood=f"the {BRIEF} of {day(published)}", is_certain=True)


def reading_of(question: Question, known: NameIndex) -> Reading:
    """Return the reading that a question is, its names as they are shown."""
    values = {key: as_shown(key, value, known) for key, value in values_of(question).items()}
    return make_reading(question.name, values, known)


def as_shown(field_name: str, value: str, known: NameIndex) -> str:
    """Return a name as it is shown, anything else as it is."""
    if field_name not in _NAMES:
        return value
    mention = (known.of_terms if field_name == "term" else known).mention(value)
    return (mention and mention.value) or value


def values_of(question: Question) -> dict[str, str]:
    """Return the fields of a question that are set, as texts that `from_words` takes."""
    found: dict[str, str] = {}
    for each in fields(question):
        value = getattr(question, each.name)
        is_preset = each.default is not MISSING and value == each.default
        if value is not None and not (is_preset and each.name in ("method", "robust")):
            found[each.name] = f"{value:g}" if isinstance(value, float) else str(value)
    return found


def _shown(name: str, values: Mapping[str, str]) -> dict[str, str | float]:
    """Return the values in the order of the fields, numbers as numbers."""
    hints = hints_of(QUESTIONS[name])
    numbers = {key for key, hint in hints.items() if float in (hint, *get_args(hint))}
    ordered = (each.name for each in fields(QUESTIONS[name]) if each.name in values)
    return {key: float(values[key]) if key in numbers else values[key] for key in ordered}


def write_field(key: str, value: str | float, shown: Mapping[str, str | float], known: NameIndex) -> str:
    """Write a field as a person would: "80 %", "as of 31 March 2026", "private tests"."""
    if isinstance(value, float) and key == "price":
        value = f"{value:g}"
    elif isinstance(value, float):
        return level(value, known.units.get(str(shown.get("benchmark")), "percent"))
    if key == "domain":
        value = tests_of(value)
    elif key == "size":
        memory = f" ({value})" if value.endswith(" GB") else ""
        value = f"models {parse_size_key(parse_size(value) or '').phrase}{memory}"
    elif key == "side":
        value = "an open" if value == "open" else "a closed"
    elif key in ("left", "right"):
        value = _SHOWN.get(value, value)
    return _WORDED.get(key, "{}").format(_day(value))


def _day(value: str) -> str:
    """Write a day in words, anything else as it is."""
    try:
        return day(date.fromisoformat(value))
    except ValueError:
        return value


# ---- the reply


@dataclass(frozen=True)
class Reply:
    """A reading with its answer; `sentence` stands where there is none.

    `others` are further questions of the same text, each with its own. `notice` is a line for the person besides, such
    as that rules answered since a budget is spent. `used` is what a language model was used for, if it was.
    """

    reading: Reading
    answer: Answer | None = None
    sentence: str | None = None
    others: tuple["Reply", ...] = ()
    notice: str | None = None
    used: "Usage | None" = None

    @property
    def understood(self) -> str:
        """How the text was understood, all its questions."""
        return " + ".join(each.reading.understood for each in (self, *self.others))

    @property
    def lines(self) -> tuple[Line, ...]:
        """What a message says of several questions: the first line of each answer, and how old their data are."""
        replies = (self, *self.others)
        said = [
            Line(each.reading.understood, each.answer.lines[0].text if each.answer else each.sentence or "")
            for each in replies
        ]
        days = [line for each in replies if each.answer for line in each.answer.first_look if line.is_day]
        return (*said, *dict.fromkeys(days))


# ---- what was said before a text


_KEPT = 2


@dataclass(frozen=True)
class Context:
    """The last two questions that were answered, the newest last, and how the last text was read, None where none was.

    `model` is the first model in the last answer, `line` its first line; `older_brief` the day of the brief before the
    one shown last; `ahead` the side that the last answer, a comparison, found ahead on all kinds of tests.
    """

    questions: tuple[Question, ...] = ()
    last: Reading | None = None
    model: str = ""
    older_brief: date | None = None
    ahead: str = ""
    line: str = ""

    @property
    def previous(self) -> Question | None:
        """The question that was answered last."""
        return self.questions[-1] if self.questions else None

    @property
    def day(self) -> date | None:
        """The day that the last question or brief was about, None where it named none."""
        if self.last and self.last.is_brief:
            return self.last.brief_day
        days = (getattr(self.previous, name, None) for name in ("as_of", "until", "since", "day"))
        return next(filter(None, days), None)

    def after_question(self, question: Question, last: Reading | None = None, model: str = "") -> "Context":
        """Return the context after a question was answered."""
        return Context((*self.questions, question)[-_KEPT:], last, model)

    def after(self, reply: Reply) -> "Context":
        """Return the context after a reply: what was not understood leaves the questions before it."""
        if reply.reading.question is None:
            return replace(self, last=reply.reading, older_brief=None)
        facts = reply.answer.facts if reply.answer else ()
        model = next((fact.model for fact in facts if fact.model), "")
        after = self.after_question(reply.reading.question, reply.reading, model)
        differences = (fact.value for fact in facts if fact.key.startswith("difference."))
        behind = {each > 0 for each in differences if isinstance(each, float)}
        side = getattr(after.previous, "right" if behind == {True} else "left", "") if len(behind) == 1 else ""
        return replace(after, ahead=side, line=reply.answer.first_look[0].text if reply.answer else "")

    def after_brief(self, older: date | None) -> "Context":
        """Return the context after a brief was shown, with the day of the one before it."""
        return replace(self, older_brief=older)


NEW = Context()
"""Where nothing was said before."""
