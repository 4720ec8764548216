"""What was said before a text: so that it can go on from a question, take an offer, or refuse how it was read."""

from dataclasses import dataclass, replace
from datetime import date

from bot.assistant.reading import Reading
from bot.assistant.reply import Reply
from core.questions import Question

_KEPT = 2
_NOTHING = Reading()


@dataclass(frozen=True)
class Context:
    """The last two questions that were answered, the newest last, and how the last text was read.

    `model` is the first model in the last answer; `older_brief` the day of the brief before the one shown last; `ahead`
    the side that the last answer, a comparison, found ahead on all kinds of tests.
    """

    questions: tuple[Question, ...] = ()
    last: Reading = _NOTHING
    model: str = ""
    older_brief: date | None = None
    ahead: str = ""

    @property
    def previous(self) -> Question | None:
        """The question that was answered last."""
        return self.questions[-1] if self.questions else None

    @property
    def day(self) -> date | None:
        """The day that the last question or brief was about, None where it named none."""
        if self.last.is_brief:
            return self.last.brief_day
        days = (getattr(self.previous, name, None) for name in ("as_of", "until", "since", "day"))
        return next(filter(None, days), None)

    def after_question(self, question: Question, last: Reading | None = None, model: str = "") -> "Context":
        """Return the context after a question was answered."""
        return Context((*self.questions, question)[-_KEPT:], last or _NOTHING, model)

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
        return replace(after, ahead=side)

    def after_brief(self, older: date | None) -> "Context":
        """Return the context after a brief was shown, with the day of the one before it."""
        return replace(self, older_brief=older)


NEW = Context()
"""Where nothing was said before."""
