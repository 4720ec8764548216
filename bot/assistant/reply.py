"""The reply to free text: what was understood, and the answer, or one sentence. Every face shows this."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.assistant.reading import Reading
from core.answer import Answer, Line

if TYPE_CHECKING:
    from bot.state.usage import Usage


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
