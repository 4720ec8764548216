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

    `model` is the first model in the last answer; `older_brief` the day of the brief before the one shown last.
    """

    questions: tuple[Question, ...] = ()
    last: Reading = _NOTHING
    model: str = ""
    older_brief: date | None = None

    @property
    def previous(self) -> Question | None:
        """The question that was answered last."""
        return self.questions[-1] if self.questions else None

    @property
    def day(self) -> date | None:
        """The day that the last question was about, None where it named none."""
        days = (getattr(self.previous, name, None) for name in ("as_of", "until", "since", "day"))
        return next(filter(None, days), None)

    def after_question(self, question: Question, last: Reading | None = None, model: str = "") -> "Context":
        """Return the context after a question was answered."""
        return Context((*self.questions, question)[-_KEPT:], last or _NOTHING, model)

    def after(self, reply: Reply) -> "Context":
        """Return the context after a reply: what could not be answered leaves the questions before it."""
        if reply.answer is None or reply.reading.question is None:
            return replace(self, last=reply.reading, older_brief=None)
        model = next((fact.model for fact in reply.answer.facts if fact.model), "")
        return self.after_question(reply.reading.question, reply.reading, model)

    def after_brief(self, older: date | None) -> "Context":
        """Return the context after a brief was shown, with the day of the one before it."""
        return replace(self, older_brief=older)


NEW = Context()
"""Where nothing was said before."""
