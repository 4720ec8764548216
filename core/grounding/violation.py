"""What is wrong with a text, told so that its writer can mend it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Violation:
    """One thing that a text says and no fact backs.

    `kind` is one of number, unit, subject, role, direction, name, cause, certainty, topic, nonsense, for templates
    slot, and for a text beside an earlier one altered. `said` are
    the words at fault; `why` says in a sentence what is wrong and, where there is one, which fact should stand there.
    """

    kind: str
    said: str
    why: str
