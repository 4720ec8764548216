"""Who asked what, where: the question before, so that "and on GPQA?" is understood. In memory, for an hour."""

from collections import OrderedDict

from core.questions import Question

_MOST, _SECONDS = 5000, 3600.0

Asker = tuple[int, int]
"""A channel's id and a person's id."""


class LastQuestions:
    """The last question of each person in each channel. Times are seconds, in any one clock."""

    def __init__(self) -> None:
        self._last: OrderedDict[Asker, tuple[float, Question]] = OrderedDict()

    def question(self, asker: Asker, now: float) -> Question | None:
        """Return what was asked last, if that is not long ago."""
        when, question = self._last.get(asker, (0.0, None))
        return question if now - when < _SECONDS else None

    def remember(self, asker: Asker, question: Question, now: float) -> None:
        """Remember what is asked now, in place of the question before."""
        self._last[asker] = (now, question)
        self._last.move_to_end(asker)
        while len(self._last) > _MOST:
            self._last.popitem(last=False)

    def forget(self, asker: Asker) -> None:
        """Forget what was asked last."""
        self._last.pop(asker, None)
