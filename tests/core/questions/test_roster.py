"""What `roster` says: every model with a score that can be compared, the newest first, each once."""

from datetime import date

from core.evidence.evidence import Evidence
from core.questions.roster import RosterQuestion
from tests.core.questions.conftest import Ask
from tests.core.questions.laws import check, lines

QUESTION = RosterQuestion


def test_every_model_with_a_score_stands_there_once_the_newest_first(shipped: Ask, evidence: Evidence) -> None:
    answer = shipped()
    check(answer)
    rows = answer.data["models"]
    assert {row["model"] for row in rows} == {
        evidence.models[number].model_id for number in set(evidence.model.tolist())
    }
    assert len({row["model"] for row in rows}) == len(rows)
    days = [row["date"] for row in rows]
    assert days == sorted(days, reverse=True)
    sides = [row["side"] for row in rows]
    assert answer.lines[0].text == (
        f"{sides.count('open')} open and {sides.count('closed')} closed models have a score here"
    )
    assert lines(answer)["Newest open"].startswith(next(row["name"] for row in rows if row["side"] == "open"))
    assert len(answer.tables[0].rows) == len(rows)


def test_it_is_narrowed_to_a_side_a_country_a_lab_and_a_day(shipped: Ask) -> None:
    everyone = shipped().data["models"]
    day = date(2025, 6, 30)
    models = shipped(side="open", country="China", lab="deepseek", as_of=day).data["models"]
    assert models == [
        row
        for row in everyone
        if (row["side"], row["country"], row["lab"]) == ("open", "China", "DeepSeek") and row["date"] <= str(day)
    ]
    assert models


def test_a_region_lists_the_models_of_its_countries(shipped: Ask) -> None:
    models = shipped(country="Europe").data["models"]
    assert {row["country"] for row in models} >= {"France", "United Kingdom of Great Britain and Northern Ireland"}
    assert len(models) == sum(
        len(shipped(country=country).data["models"]) for country in {row["country"] for row in models}
    )
