"""The table of steps: each from its statuses alone, and each person's step under its word in the audit trail."""

from collections.abc import Callable

import pytest

from bot.newsroom import step_table, workflow
from bot.newsroom.editing import as_text
from bot.newsroom.step_table import Step
from bot.newsroom.workflow import OPERATOR
from bot.state import audit, outbox
from bot.state.database import State
from core.errors import UsageError
from tests.bot.newsroom.newsroom import BRIEF, NO_NAMES, NOW, made

NEW, OLD = as_text(BRIEF).replace("Open models", "Open-weights models", 1), as_text(BRIEF)


def edit(state: State, brief_id: int) -> None:
    """Change the title, or change it back."""
    text = NEW if as_text(workflow.get(state, brief_id, OPERATOR).brief) == OLD else OLD
    workflow.edit(state, brief_id, text, OPERATOR, NOW, names=NO_NAMES)


TAKEN: dict[Step, Callable[[State, int], object]] = {
    step_table.EDIT: edit,
    step_table.UNDO: lambda state, brief_id: workflow.undo(state, brief_id, OPERATOR, NOW),
    step_table.APPROVE: lambda state, brief_id: workflow.approve(state, brief_id, OPERATOR, NOW),
    step_table.POST: lambda state, brief_id: workflow.post(state, brief_id, 55, OPERATOR, NOW),
    step_table.DISCARD: lambda state, brief_id: workflow.discard(state, brief_id, OPERATOR, NOW),
    step_table.CORRECT: lambda state, brief_id: workflow.correct(state, brief_id, NEW, OPERATOR, NOW, names=NO_NAMES),
    step_table.WITHDRAW: lambda state, brief_id: workflow.withdraw(state, brief_id, OPERATOR, NOW),
}
WAYS = {
    "draft": (step_table.EDIT,),
    "approved": (step_table.EDIT, step_table.APPROVE),
    "posted": (step_table.POST,),
    "withdrawn": (step_table.POST, step_table.WITHDRAW),
}


REFUSALS = {
    (step_table.CORRECT, "draft"): "is a draft, so it can't be corrected; edit it instead",
    (step_table.WITHDRAW, "draft"): "is a draft, so it can't be withdrawn; discard it instead",
    (step_table.APPROVE, "approved"): "is approved already",
    (step_table.CORRECT, "approved"): "is approved, so it can't be corrected; edit it instead",
    (step_table.WITHDRAW, "approved"): "is approved, so it can't be withdrawn; discard it instead",
    (step_table.EDIT, "posted"): "was posted, so it can't be edited; correct it instead",
    (step_table.UNDO, "posted"): "was posted, so it can't be undone; correct it instead",
    (step_table.APPROVE, "posted"): "was posted, so it can't be approved",
    (step_table.POST, "posted"): "is posted already",
    (step_table.DISCARD, "posted"): "was posted, so it can't be discarded; withdraw it instead",
    (step_table.WITHDRAW, "withdrawn"): "is withdrawn already",
}
"""What is said of a step that a status does not allow; of a withdrawn brief otherwise that it was withdrawn."""


@pytest.mark.parametrize("status", WAYS)
@pytest.mark.parametrize("step", TAKEN, ids=lambda step: step.name)
def test_a_step_is_taken_from_its_statuses_alone_and_noted_by_its_word(state: State, step: Step, status: str) -> None:
    brief_id = workflow.add_draft(state, made(), OPERATOR, NOW).id
    for before in WAYS[status]:
        TAKEN[before](state, brief_id)
    entries, rows = len(audit.list_entries(state)), outbox.list_items(state, brief_id)
    if status in step.statuses:
        TAKEN[step](state, brief_id)
        assert [entry.what for entry in audit.list_entries(state)[:-entries]] == [step.word]
    else:
        refusal = REFUSALS.get((step, status), f"was withdrawn, so it can't be {step.word}")
        with pytest.raises(UsageError, match=f"^Brief 1 {refusal}\\.$"):
            TAKEN[step](state, brief_id)
        assert (len(audit.list_entries(state)), outbox.list_items(state, brief_id)) == (entries, rows)
