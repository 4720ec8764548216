"""An error is one sentence, whatever text of a file it quotes."""

from pathlib import Path

from core.errors import TableError


def test_a_sentence_on_a_file_is_of_a_length_that_can_be_read() -> None:
    message = str(TableError(Path("scores.csv"), f'"{"9" * 5000}" is no known suite', 7, "c" * 5000))
    assert len(message) < 400
    assert message.startswith("scores.csv, line 7, column ccc")
    assert message.endswith(f'"{"9" * 59}…" is no known suite. The last good data stays in use.')


def test_a_sentence_stays_one_line_and_whole_where_it_is_short() -> None:
    message = str(TableError(Path("scores.csv"), '"a\nb" is not a number', 2, "score"))
    assert message == 'scores.csv, line 2, column score: "a b" is not a number. The last good data stays in use.'
