"""Forgiving names: how a benchmark, lab or country may be called, and what is never guessed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import UsageError
from core.evidence import names
from core.evidence.names import Name, find, plain
from core.store.store import Store, open_store
from tests.conftest import ROOT

MADE_UP = [
    Name(("math", "1"), "MATH", ("mathematics",)),
    Name(("math-5", "1"), "MATH Level 5", ("math", "hard math")),
    Name(("frontier", "1"), "Frontier", ("frontier one",)),
    Name(("frontier", "2"), "Frontier Two", ("the second",)),
    Name(("gsm8k", "1"), "GSM8K", ("grade school",)),
    Name(("horizon", "1"), "Horizon Suite", ()),
]


@pytest.fixture(scope="module")
def store(evidence_file: Path) -> Iterator[Store]:
    with open_store(evidence_file, ROOT / "data") as opened:
        yield opened


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("math", "MATH"),  # a name goes before another's alias
        ("Hard  MATH!", "MATH Level 5"),  # an alias, whatever its case, spaces and marks
        ("frontier", "Frontier"),  # a whole name goes before the beginning of another
        ("frontier t", "Frontier Two"),  # the beginning of one only
        ("hori", "Horizon Suite"),
        ("MÀTH", "MATH"),
    ],
)
def test_a_name_goes_before_an_alias_and_that_before_a_beginning(typed: str, shown: str) -> None:
    assert find("benchmark", typed, MADE_UP).shown == shown


@pytest.mark.parametrize("typed", ["fron", "hor", "gsm8", "", "!!!", "matth", "level"])
def test_what_fits_several_or_is_short_or_misspelt_is_never_guessed(typed: str) -> None:
    known = [
        *MADE_UP[:4],
        Name(("gsm8k", "1"), "GSM8K Main", ()),
        Name(("gsm8k", "2"), "GSM8K Platinum", ()),
        MADE_UP[5],
    ]
    with pytest.raises(UsageError) as caught:
        find("benchmark", typed, known)
    assert len(caught.value.suggestions) == 3
    assert set(caught.value.suggestions) <= {name.shown for name in known}
    assert str(caught.value).startswith("No benchmark is called ")


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("gpqaa", "GPQA Diamond"),
        ("simpel bench", "SimpleBench"),
        ("frontiermaths", "FrontierMath"),
        ("wierdml", "WeirdML"),
    ],
)
def test_the_nearest_name_comes_first_and_is_only_offered(store: Store, typed: str, nearest: str) -> None:
    with pytest.raises(UsageError) as caught:
        find("benchmark", typed, names.benchmarks(store))
    assert caught.value.suggestions[0] == nearest
    assert len(caught.value.suggestions) == 3
    first, second, third = caught.value.suggestions
    assert str(caught.value) == f'No benchmark is called "{typed}". Did you mean {first}, {second} or {third}?'


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("gpqa", "gpqa-diamond 1"),
        ("GPQA Diamond", "gpqa-diamond 1"),
        ("hle", "hle 1"),
        ("Humanity’s Last Exam", "hle 1"),
        ("metr", "metr-time-horizons mixed"),
        ("time horizons", "metr-time-horizons mixed"),
        ("METR 1.0", "metr-time-horizons 1.0"),
        ("metr 1.1", "metr-time-horizons 1.1"),
        ("METR v1.1", "metr-time-horizons 1.1"),
        ("METR Time Horizons (suite 1.1)", "metr-time-horizons 1.1"),
        ("frontiermath", "frontiermath 1"),
        ("tier 4", "frontiermath-tier-4 1"),
        ("arc-agi", "arc-agi 1"),
        ("ARC AGI 2", "arc-agi-2 1"),
        ("mmlu", "mmlu 1"),
        ("mmlu pro", "mmlu-pro 1"),
        ("terminal bench 2.0", "terminal-bench 2"),
        ("weirdml v2", "weirdml 2"),
        ("swe-bench", "swe-bench-verified 1"),
        ("eci", "eci hub-2026"),
    ],
)
def test_benchmarks(store: Store, typed: str, key: str) -> None:
    assert " ".join(find("benchmark", typed, names.benchmarks(store)).key) == key


@pytest.mark.parametrize(
    ("typed", "country"),
    [
        ("China", "China"),
        ("chinese", "China"),
        ("PRC", "China"),
        ("cn", "China"),
        ("usa", "United States of America"),
        ("U.S.", "United States of America"),
        ("American", "United States of America"),
        ("uk", "United Kingdom of Great Britain and Northern Ireland"),
        ("French", "France"),
        ("korea", "South Korea"),
        ("uae", "United Arab Emirates"),
    ],
)
def test_countries(store: Store, typed: str, country: str) -> None:
    assert find("country", typed, names.countries(store)).key == (country,)


@pytest.mark.parametrize(
    ("typed", "lab"),
    [
        ("qwen", "alibaba"),
        ("Alibaba", "alibaba"),
        ("deepseek-ai", "deepseek"),
        ("kimi", "moonshot"),
        ("Moonshot AI", "moonshot"),
        ("meta-llama", "meta"),
        ("facebook", "meta"),
        ("mistralai", "mistral"),
        ("google", "google"),
        ("01.ai", "01-ai"),
    ],
)
def test_labs(store: Store, typed: str, lab: str) -> None:
    assert find("lab", typed, names.labs(store)).key == (lab,)


@pytest.mark.parametrize("kind", ["benchmarks", "labs", "countries"])
def test_everything_is_found_by_its_shown_name_and_by_its_key(store: Store, kind: str) -> None:
    known = getattr(names, kind)(store)
    assert len(known) > 15
    for name in known:
        assert find(kind, name.shown, known) == name
        assert find(kind, " ".join(name.key), known) == name


@pytest.mark.parametrize("kind", ["benchmarks", "countries"])
def test_no_alias_leads_to_two(store: Store, kind: str) -> None:
    known = getattr(names, kind)(store)
    for name in known:
        for alias in name.aliases:
            assert find(kind, alias, known) == name


@given(st.text(max_size=120))
def test_any_text_is_found_or_refused_in_one_printable_line(text: str) -> None:
    said = ""
    try:
        assert find("benchmark", text, MADE_UP) in MADE_UP
    except UsageError as error:
        said = str(error)
    assert said.isprintable()
    assert len(said) < 200


@given(st.text())
def test_plain_is_plain_again(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    assert plain(text.upper()) == plain(plain(text.upper()).upper())
