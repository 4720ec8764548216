"""The marks of an edited text: whose each sentence is, and whether its figures are in the facts."""

from typing import Literal

from core.dataclass import dataclass

Mark = Literal["machine", "figures", "unchecked"]
_MARKS: dict[Mark, str] = {
    "machine": "the machine's",
    "figures": "{}, every figure is in the facts",
    "unchecked": "{}, unchecked",
}


@dataclass(frozen=True)
class Sentence:
    """A sentence of an edited brief: its text, its mark, what is wrong in it, and who wrote it where not the person."""

    text: str
    mark: Mark
    findings: tuple[str, ...] = ()
    writer: str = ""

    def mark_text(self, person: str = "yours") -> str:
        """Return the mark in words: "yours, unchecked"."""
        return _MARKS[self.mark].format(self.writer or person)


@dataclass(frozen=True)
class Review:
    """The sentences of an edited brief with their marks, and the facts of the draft that are gone."""

    sentences: tuple[Sentence, ...] = ()
    gone: tuple[str, ...] = ()

    @property
    def unchecked(self) -> tuple[Sentence, ...]:
        """Return the sentences that nobody has checked."""
        return tuple(sentence for sentence in self.sentences if sentence.mark == "unchecked")

    @property
    def findings(self) -> tuple[str, ...]:
        """Return what is wrong, a sentence each."""
        return tuple(dict.fromkeys(finding for sentence in self.sentences for finding in sentence.findings))
