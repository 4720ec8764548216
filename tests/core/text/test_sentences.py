"""The sentences of a text, and their parts."""

from core.text.sentences import clause_spans, sentences


def test_a_point_in_a_number_ends_no_sentence() -> None:
    assert sentences("It took 5.1 months. So GPT-4.5 did. “Well done.” It ends!") == [
        "It took 5.1 months.", "So GPT-4.5 did.", "“Well done.", "It ends!",
    ]  # fmt: skip


def test_a_clause_may_speak_of_something_else() -> None:
    text = "Open models trail; closed ones lead, while GPT-5.5 waits."
    assert [text[start:end] for start, end in clause_spans(text)] == [
        "Open models trail;",
        "closed ones lead",
        "GPT-5.5 waits.",
    ]
