"""The sentences of a text."""

from core.text.sentences import sentences


def test_a_point_in_a_number_ends_no_sentence() -> None:
    assert sentences("It took 5.1 months. So GPT-4.5 did. “Well done.” It ends!") == [
        "It took 5.1 months.", "So GPT-4.5 did.", "“Well done.", "It ends!",
    ]  # fmt: skip
