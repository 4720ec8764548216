"""What is not taken of what publishers say of open and closed, until a second one or a person says so too."""

from dataclasses import dataclass

from core.evidence.classification import Grade, Openness


@dataclass(frozen=True)
class Held:
    """A model (its id): what it is taken for meanwhile, and by what evidence; `publishers` say otherwise, or alone.

    Where the grade is `held`, it is left out of all figures. `why` says so in a sentence, with the command that
    settles it.
    """

    model: str
    openness: Openness
    grade: Grade
    publishers: tuple[str, ...]
    why: str
