"""Own rows: written and read whole, with errors that name their place, and before all shipped ones."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import TableError
from core.evidence import curated
from core.evidence.declared_boards import OwnBenchmark
from core.evidence.importers.rows import FileContent, RawModel
from core.refresh import own_rows
from core.refresh.own_rows import OwnAlias, OwnOpenness, OwnReleaseDate, OwnRows
from core.store.tables import shipped_folder

texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), min_size=1)
days = st.dates(date(2015, 1, 1), date(2030, 1, 1))
DAY = date(2026, 11, 28)


@settings(max_examples=20)
@given(
    st.lists(st.builds(OwnOpenness, texts, st.sampled_from(["open", "closed"]), texts, days)),
    st.lists(st.builds(OwnAlias, texts, texts | st.just(""), texts, days)),
    st.lists(st.builds(OwnReleaseDate, texts, days, texts, days)),
    st.lists(st.builds(OwnBenchmark, texts, texts, texts, texts, texts, days)),
)
def test_what_is_written_is_read_and_the_last_word_on_a_thing_counts(
    tmp_path_factory: pytest.TempPathFactory,
    openness: list[OwnOpenness],
    aliases: list[OwnAlias],
    dates: list[OwnReleaseDate],
    benchmarks: list[OwnBenchmark],
) -> None:
    own = OwnRows()
    for row in (*openness, *aliases, *dates, *benchmarks):
        own = own.with_row(row)
    folder = tmp_path_factory.mktemp("revision")
    own_rows.write_rows(own, folder)
    assert own_rows.read_rows(folder) == own
    assert {row.model: row for row in openness} == {row.model: row for row in own.openness}
    assert len({(row.spelling, row.group) for row in own.aliases}) == len(own.aliases)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("model,openness,evidence\n", "column day: the column is missing"),
        ("model,openness,evidence,day\nm,half,e,2026-11-28\n", 'line 2, column openness: "half" is not open or closed'),
        ("model,openness,evidence,day\nm,open,,2026-11-28\n", "line 2, column evidence: the value is missing"),
        ("model,openness,evidence,day\nm,open,e,28.11.\n", 'line 2, column day: "28.11." is not a date'),
    ],
)
def test_a_row_that_is_none_is_told_with_its_place(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "openness.csv").write_text(text, encoding="utf-8")
    with pytest.raises(TableError, match=f"openness.csv, {problem}"):
        own_rows.read_rows(tmp_path)


def test_own_rows_go_before_all_that_is_shipped_whatever_it_says() -> None:
    by_hand = curated.read_curated(shipped_folder() / "curated")
    dated, (group, spelling) = next(iter(by_hand.corrections)), next(iter(by_hand.aliases))
    own = OwnRows(
        (OwnOpenness("m", "open", "https://example.org", DAY),),
        (OwnAlias(spelling, group, "m", DAY), OwnAlias("em", "", "m", DAY)),
        (OwnReleaseDate(dated, date(2024, 1, 2), "https://example.org", DAY),),
    )
    content = own_rows.add_own_rows(by_hand, own)
    assert content.sources["own-m"].rank < min(source.rank for source in by_hand.sources.values())
    assert (content.sources["own-m"].role, content.sources["own-m"].sets_day) == ("override", False)
    assert content.corrections[dated].released == date(2024, 1, 2)
    source = replace(next(iter(by_hand.sources.values())), spellings=group)
    snapshots = [(source, FileContent(models=[RawModel(1, "em (high)"), RawModel(2, "em")]))]
    aliases = own_rows.add_own_aliases(content, own, snapshots).aliases
    assert aliases[group, spelling] == aliases[group, "em"] == "m"
    assert aliases[group, "em (high)"] == "m (high)"
