"""The steps that people take in the newsroom; the command line, Discord and the audit trail share this table."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.state.briefs import StoredBrief
from core.errors import UsageError

DRAFT = ("draft", "approved")
"""The statuses of a brief that has not been posted."""


@dataclass(frozen=True)
class Step:
    """A step that a person takes with a brief, a schedule, a target or a server's settings.

    `word` is its name in the audit trail, `verb` its form before an object in a sentence. A brief must have one of the
    `statuses`; for other statuses `alternatives` says what to do instead. `form` lists the fields to fill in, and
    `sentence` confirms that the step is done.
    """

    name: str
    word: str
    statuses: tuple[str, ...] = ()
    alternatives: Mapping[str, str] = field(default_factory=dict, hash=False)
    form: tuple[str, ...] = ()
    help: str = ""
    sentence: str = ""
    verb: str = ""

    def check(self, brief: StoredBrief) -> None:
        """Raise UsageError if the brief's status doesn't allow the step."""
        if brief.status in self.statuses:
            return
        if brief.status_word == self.word:
            raise UsageError(f"Brief {brief.id} is {self.word} already.")
        is_now = {"draft": "is a draft", "approved": "is approved"}.get(brief.status, f"was {brief.status_word}")
        hint = f"; {self.alternatives[brief.status]}" if brief.status in self.alternatives else ""
        raise UsageError(f"Brief {brief.id} {is_now}, so it can't be {self.word}{hint}.")


_CORRECT_INSTEAD = {"posted": "correct it instead"}

MAKE = Step("new", "made")
EDIT = Step("edit", "edited", DRAFT, _CORRECT_INSTEAD, ("text",), "Change a draft's words.")
UNDO = Step("undo", "undone", DRAFT, _CORRECT_INSTEAD, (), "Go back one edit of a draft.", verb="undid an edit of")
APPROVE = Step("approve", "approved", ("draft",), help="Approve a draft: post it.")
POST = Step("post", "posted", DRAFT, sentence="Brief {} is posted; {}.")
DISCARD = Step(
    "discard", "discarded", DRAFT, {"posted": "withdraw it instead"}, (), "Throw a draft away.",
    "Draft {} is discarded.",
)  # fmt: skip
CORRECT = Step(
    "correct", "corrected", ("posted",), dict.fromkeys(DRAFT, "edit it instead"), ("text", "note"),
    "Correct a posted brief.", "Brief {} is corrected. Readers see: {}",
)  # fmt: skip
WITHDRAW = Step(
    "withdraw", "withdrawn", ("posted",), dict.fromkeys(DRAFT, "discard it instead"), ("reason",),
    "Take a posted brief back.",
    "Brief {} is withdrawn; its messages are deleted within seconds where that can be done.", "withdrew",
)  # fmt: skip
SEND_AGAIN = Step(
    "send-again", "sent again", ("posted",), help="Send a brief again where it failed.",
    sentence="Brief {} is sent again to {}.",
)  # fmt: skip

SCHEDULE = Step("schedule", "scheduled", verb="set")
PAUSE = Step("pause", "paused", help="Pause a schedule.", sentence="Schedule {} is paused")
RESUME = Step("resume", "resumed", help="Resume a paused schedule.", sentence="Schedule {} resumes with its next time")
REMOVE = Step("remove", "removed", help="Remove a schedule.", sentence="Schedule {} is removed; what it posted stays.")
RUN_NOW = Step("run-now", "run now", help="Make a schedule's brief now, news or not.", verb="ran")

SET = Step("settings", "set")
ADD_TARGET = Step("add", "added", sentence="Target {0} is added; `gapbrief newsroom target test {0}` tries it.")
TEST_TARGET = Step("test", "tested", sentence="Target {} works: {}.")
REMOVE_TARGET = Step("remove", "removed", sentence="Target {} is removed.")

VERBS = {step.word: step.verb for step in (UNDO, WITHDRAW, SCHEDULE, RUN_NOW)}
"""Verbs for the audit trail's words that can't take an object themselves."""
