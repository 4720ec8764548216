"""Who asked what, where: what was said before, so that "and on GPQA?" is understood. In memory, for an hour."""

from collections import OrderedDict

from bot.assistant.reading import NEW, Context

_MOST, _SECONDS = 5000, 3600.0

Asker = tuple[int, int]
"""A channel's id and a person's id."""


class LastQuestions:
    """What was said before to each person in each channel. Times are seconds, in any one clock."""

    def __init__(self) -> None:
        self._last: OrderedDict[Asker, tuple[float, Context]] = OrderedDict()

    def context(self, asker: Asker, now: float) -> Context:
        """Return what was said before, if that is not long ago."""
        when, context = self._last.get(asker, (0.0, NEW))
        return context if now - when < _SECONDS else NEW

    def remember(self, asker: Asker, context: Context, now: float) -> None:
        """Remember what was said by now, in place of what was said before."""
        self._last[asker] = (now, context)
        self._last.move_to_end(asker)
        while len(self._last) > _MOST:
            self._last.popitem(last=False)

    def forget(self, asker: Asker) -> None:
        """Forget what was asked last."""
        self._last.pop(asker, None)
