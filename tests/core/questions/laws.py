"""Rules that every answer obeys: figures from facts alone, words that fit into a line, plain data."""

import json
import re
from datetime import date

import pytest

from core.answer import Answer


def shown(answer: Answer, key: str) -> str:
    """Return how a fact is written."""
    [fact] = [fact for fact in answer.facts if fact.key == key]
    return fact.shown


def lines(answer: Answer) -> dict[str, str]:
    """Return the lines by their labels."""
    return {line.label: line.text for line in answer.lines}


def check_days(answer: Answer, last: date) -> None:
    """Assert that an answer's figures, tables and charts have no day after the last one."""
    charts = [(series.x, series.notes) for chart in answer.charts for series in chart.series]
    written = json.dumps([answer.data, [table.rows for table in answer.tables], charts])
    written = re.sub(r'"version": "[^"]*"', "", written)  # LiveBench's are days
    assert all(date.fromisoformat(day) <= last for day in re.findall(r"\d{4}-\d\d-\d\d(?=\")", written))


def check(answer: Answer) -> None:
    """Assert what every answer obeys."""
    keys = [fact.key for fact in answer.facts]
    assert len(keys) == len(set(keys))
    for fact in answer.facts:
        assert fact.kind != "note" or not fact.unit, fact.key  # a fact with a unit says what it measures
        assert fact.kind != "day" or fact.day, fact.key
        ends = re.fullmatch(r"(-?[\d.]+) to (-?[\d.]+)", str(fact.value))
        if ends and fact.unit == "months":  # what says a range in words bounds it in fields as well
            low, high = (pytest.approx(float(end), abs=0.05) for end in ends.groups())
            assert (fact.low, fact.high) == (low, high), fact.key
    labels = [line.label for line in answer.lines]
    assert labels[0] == ""
    assert len(labels) == len(set(labels))
    for line in answer.lines:
        assert line.text
        assert line.text.isprintable()
        assert "  " not in line.text, line.text
        rest = line.text
        for fact in sorted(answer.facts, key=lambda fact: -len(fact.shown)):
            if fact.shown:  # as a whole (a test called B is not in "Both"), and where it begins a sentence
                shown = f"(?i:{re.escape(fact.shown[0])}){re.escape(fact.shown[1:])}"
                rest = re.sub(rf"(?<!\w){shown}(?!\w)", "", rest)
        assert not re.search(r"\d", rest), rest
    assert not re.search(r"±|\bCI\b|p-value|\bnan\b|\bNone\b|[{}]|open-source|−0\.0", answer.text)
    for table in answer.tables:
        assert table.rows
        assert all(len(row) == len(table.columns) and all(row) for row in table.rows)
    for chart in answer.charts:
        assert chart.title
        assert chart.foot
        assert chart.alt.endswith(".")
        for series in chart.series:
            assert len(series.x) == len(series.y) == len(series.notes or series.x) == len(series.low or series.x)
    assert Answer.from_dict(json.loads(json.dumps(answer.to_dict(), allow_nan=False, default=vars))) == answer
