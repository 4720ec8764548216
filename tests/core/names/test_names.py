"""Forgiving names: how a benchmark, lab or country may be called, and what is never guessed."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import UsageError
from core.names import names
from core.names.names import Name, find, plain
from core.store.store import Store

MADE_UP = [
    Name(("math", "1"), "MATH", ("mathematics",)),
    Name(("math-5", "1"), "MATH Level 5", ("math", "hard math")),
    Name(("frontier", "1"), "Frontier", ("frontier one",)),
    Name(("frontier", "2"), "Frontier Two", ("the second",)),
    Name(("gsm8k", "1"), "GSM8K", ("grade school",)),
    Name(("horizon", "1"), "Horizon Suite", ()),
]


def refusal(kind: str, typed: str, choices: list[Name]) -> UsageError:
    """Return the error for an unknown name."""
    with pytest.raises(UsageError) as error:
        find(kind, typed, choices)
    return error.value


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


SEVERAL = [
    *MADE_UP[:4],
    Name(("gsm8k", "1"), "GSM8K Main", ("grade school",)),
    Name(("gsm8k", "2"), "GSM8K Platinum", ("grade school",)),
    MADE_UP[5],
]


@pytest.mark.parametrize("typed", ["hor", "", "!!!", "matth", "level"])
def test_what_is_short_or_far_from_every_name_is_never_guessed(typed: str) -> None:
    error = refusal("benchmark", typed, SEVERAL)
    assert len(error.suggestions) <= 3
    assert set(error.suggestions) <= {name.shown for name in SEVERAL}
    assert str(error).startswith("No test is called ")


@pytest.mark.parametrize(
    ("typed", "fitting"),
    [
        ("fron", ("Frontier", "Frontier Two")),  # begins both
        ("grade school", ("GSM8K Main", "GSM8K Platinum")),  # an alias of both
        ("grade shcool", ("GSM8K Main", "GSM8K Platinum")),  # a slip in it
    ],
)
def test_what_fits_several_is_answered_with_those_that_fit(typed: str, fitting: tuple[str, ...]) -> None:
    error = refusal("benchmark", typed, SEVERAL)
    assert error.suggestions == fitting
    assert str(error) == f'Several tests are called "{typed}": is it {fitting[0]} or {fitting[1]}?'


def test_many_that_fit_are_offered_shortest_first_and_six_at_most() -> None:
    choices = [Name((f"{n}",), f"Suite {'x' * n}", ()) for n in range(9, 0, -1)]
    error = refusal("country", "suite", choices)
    assert len(error.suggestions) == 9
    names = ", ".join(f"Suite {'x' * n}" for n in range(1, 6))
    assert str(error) == f'Several countries are called "suite": is it {names} or Suite xxxxxx?'


def test_a_region_holds_the_countries_that_the_united_nations_count_to_it(store: Store) -> None:
    held = {
        region: {name.shown for name in names.countries(store) if names.is_within(name.shown, region)} - {region}
        for region in ("Europe", "European Union", "Asia", "China")
    }
    union = {"France", "Germany", "Poland", "Portugal"}
    assert held["European Union"] == union
    assert held["Europe"] == union | {"Russia", "Switzerland", "United Kingdom of Great Britain and Northern Ireland"}
    assert {"China", "Israel", "United Arab Emirates"} < held["Asia"]
    assert held["China"] == set()
    assert not held["Asia"] & held["Europe"]


# ---- slips of typing


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("simpel bench", "SimpleBench"),  # two letters changed places
        ("frontiermaths", "FrontierMath"),  # one too many
        ("humanitys last exm", "Humanity's Last Exam"),  # one too few
        ("terminl bemch 2", "Terminal-Bench 2"),  # two slips in twelve letters and more
    ],
)
def test_a_small_slip_of_typing_is_mended(store: Store, typed: str, shown: str) -> None:
    assert find("benchmark", typed, names.benchmarks(store)).shown == shown


@pytest.mark.parametrize("typed", ["gsm9k plain", "gsm k plain", "gsm88k plain", "suite 1.2", "model 20240602"])
def test_a_digit_is_never_mended(typed: str) -> None:
    choices = [
        Name(("g",), "GSM8K Plain", ()),
        Name(("s",), "My Suite", ("suite 1.1",)),
        Name(("m",), "The Model", ("model 20240620",)),
    ]
    assert str(refusal("model", typed, choices)).startswith("No model is called")


@given(st.sampled_from(["weirdml", "simplebench", "humanityslastexam", "arcagi2", "gsm8kplatinum"]), st.data())
def test_a_slip_keeps_every_digit_and_changes_one_letter_in_six(spelling: str, data: st.DataObject) -> None:
    """Whatever is typed, the match differs by little and in no digit."""
    letters = list(spelling)
    for _ in range(data.draw(st.integers(0, 4))):
        place = data.draw(st.integers(0, len(letters) - 1))
        letters[place] = data.draw(st.sampled_from("abcxyz0123"))
    typed = "".join(letters)
    choices = [Name(("one",), spelling, ()), Name(("other",), "entirely different", ())]
    changed = sum(a != b for a, b in zip(typed, spelling, strict=True))
    same_digits = [c for c in typed if c.isdigit()] == [c for c in spelling if c.isdigit()]
    typos = names.find_typos(typed, choices)
    assert set(typos) <= {spelling}
    if typos:
        assert same_digits
        assert len(typed) // 6 >= 1
    if changed <= len(typed) // 6 and same_digits:
        assert typos == [spelling]
    if changed == 0:
        assert find("benchmark", typed, choices) is choices[0]


def test_the_smaller_slip_goes_before_the_larger() -> None:
    choices = [Name(("a",), "abcdefghijkl", ()), Name(("b",), "abcdefghijxy", ())]
    assert find("lab", "abcdefghijkm", choices) is choices[0]  # one letter from it, two from the other


def test_two_spellings_of_one_name_are_one_name() -> None:
    choices = [Name(("a",), "The Suite", ("abcdefgh", "abcdefgi")), Name(("b",), "Another", ())]
    assert find("lab", "abcdefgj", choices) is choices[0]


@pytest.mark.parametrize(
    ("kind", "typed", "nearest"),
    [
        ("benchmarks", "gpqaa", "GPQA Diamond"),
        ("benchmarks", "wierdmml", "WeirdML"),
        ("countries", "Chna", "China"),
        ("models", "Kimi K9", "Kimi K3"),  # of a family the newest
    ],
)
def test_the_nearest_name_comes_first_and_is_only_offered(store: Store, kind: str, typed: str, nearest: str) -> None:
    error = refusal("benchmark", typed, getattr(names, kind)(store))
    assert error.suggestions[0] == nearest
    assert str(error).startswith(f'No test is called "{typed}". Did you mean {nearest}')


@pytest.mark.parametrize(
    ("kind", "choices", "list_"),
    [
        ("country", names.countries, "give one such as China, France or South Korea"),
        ("benchmark", names.benchmarks, "frontier and sources list the tests"),
        ("lab", names.labs, "data/labs.csv lists the labs"),
        ("model", names.models, "data/models.csv lists the models"),
        ("term", names.terms, "terms lists them all"),
    ],
)
def test_where_no_name_is_near_the_list_is_named(
    store: Store, kind: str, choices: Callable[[Store], list[Name]], list_: str
) -> None:
    error = refusal(kind, "zyzzyva", choices(store))
    called = "test" if kind == "benchmark" else kind
    assert str(error) == f'No {called} is called "zyzzyva". None is near; {list_}.'
    assert error.suggestions == ()


@pytest.mark.parametrize(
    ("kind", "typed", "key"),
    [
        ("benchmarks", "gpqa", "gpqa-diamond 1"),
        ("benchmarks", "Humanity’s Last Exam", "hle 1"),
        ("benchmarks", "metr", "metr-time-horizons mixed"),
        ("benchmarks", "METR v1.1", "metr-time-horizons 1.1"),
        ("benchmarks", "METR Time Horizons (suite 1.1)", "metr-time-horizons 1.1"),
        ("benchmarks", "frontiermath", "frontiermath 1"),
        ("benchmarks", "tier 4", "frontiermath-tier-4 1"),
        ("benchmarks", "arc-agi", "arc-agi 1"),
        ("benchmarks", "ARC AGI 2", "arc-agi-2 1"),
        ("benchmarks", "mmlu", "mmlu 1"),
        ("benchmarks", "terminal bench 2.0", "terminal-bench 2"),
        ("countries", "chinese", "China"),
        ("countries", "cn", "China"),
        ("countries", "U.S.", "United States of America"),
        ("countries", "korea", "South Korea"),
        ("labs", "qwen", "alibaba"),
        ("labs", "kimi", "moonshot"),
        ("labs", "meta-llama", "meta"),
        ("labs", "01.ai", "01-ai"),
        ("models", "r1", "DeepSeek-R1"),
        ("models", "kimi k2", "Kimi-K2-Instruct"),
        ("models", "gpt4", "gpt-4-0314"),
        ("models", "4o", "gpt-4o-2024-05-13"),
        ("models", "claude 3.5 sonnet", "claude-3-5-sonnet-20240620"),
        ("models", "deepsek v3", "DeepSeek-V3"),
    ],
)
def test_it_is_found_by_what_people_call_it(store: Store, kind: str, typed: str, key: str) -> None:
    assert " ".join(find(kind, typed, getattr(names, kind)(store)).key) == key


# ---- models, and versions of one name


VERSIONS = [
    Name(("k-0905",), "Kimi K2 (0905)", ("Kimi K2", "K2", "kimi-k2-0905"), "2025-09-05"),
    Name(("k-0711",), "Kimi K2 (0711)", ("Kimi K2", "K2"), "2025-07-11"),
    Name(("m",), "MiMo-V2.5", ("MiMo-V2.5", "V2.5"), "2026-04-22"),
    Name(("d",), "DeepSeek-V2.5", ("DeepSeek-V2.5", "V2.5"), "2024-09-06"),
    Name(("i-1",), "Instant (1)", ("Instant",), "2023-08-09"),
    Name(("i-2",), "Instant (2)", ("Instant",)),
]


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("kimi k2", "k-0711"),  # the name alone means the first that was released
        ("K2", "k-0711"),
        ("Kimi K2 (0905)", "k-0905"),  # a version that is named is that version
        ("kimi-k2-0905", "k-0905"),
        ("kimik-2", "k-0711"),
    ],
)
def test_a_name_without_its_version_means_the_first_released(typed: str, key: str) -> None:
    assert find("model", typed, VERSIONS).key == (key,)


@pytest.mark.parametrize("typed", ["v2.5", "instant"])
def test_models_of_different_names_and_versions_without_a_day_are_offered(typed: str) -> None:
    error = refusal("model", typed, VERSIONS)
    assert str(error).startswith(f'Several models are called "{typed}": is it ')
    assert len(error.suggestions) == 2


@pytest.mark.parametrize("typed", ["8B", "72B", "gpt 6.9", "claude 9 opus", "claude-3-5-sonnet-20240621", "o9"])
def test_neither_a_size_nor_a_version_that_is_not_there_names_a_model(store: Store, typed: str) -> None:
    assert str(refusal("model", typed, names.models(store))).startswith(f'No model is called "{typed}"')


@pytest.mark.parametrize("typed", ["claude", "grok", "3.5 flash", "qwen3"])
def test_a_family_of_models_is_offered_not_guessed(store: Store, typed: str) -> None:
    error = refusal("model", typed, names.models(store))
    assert str(error).startswith(f'Several models are called "{typed}": is it ')
    assert len(error.suggestions) > 1


def test_of_a_family_the_newest_are_offered_first(store: Store) -> None:
    models = names.models(store)
    assert "Llama 4 Scout" in refusal("model", "llama", models).suggestions[:3]
    assert all(name.startswith(("GPT-5", "GPT-6")) for name in refusal("model", "gpt", models).suggestions)
    days = {name.shown: name.since for name in models if name.plain.startswith("llama")}
    offered = [days[shown] for shown in refusal("model", "Llama 5", models).suggestions]
    assert offered == sorted(days.values(), reverse=True)[:3]


@pytest.mark.parametrize("typed", ["may", "closed"])
def test_a_short_text_that_a_part_of_a_name_is_like_is_near_to_none(store: Store, typed: str) -> None:
    assert refusal("lab", typed, [*names.labs(store), *names.benchmarks(store)]).suggestions == ()


def test_every_model_is_found_by_its_id_and_by_its_shown_name(store: Store) -> None:
    models = names.models(store)
    assert len(models) > 400
    for name in models:
        assert find("model", name.key[0], models) == name
        assert find("model", name.shown, models) == name
        assert find("model", name.shown.lower(), models) == name


def test_names_are_read_once_for_each_revision(store: Store) -> None:
    assert names.models(store) is names.models(store)
    before = names.benchmarks(store)
    revision, store.revision = store.revision, "another"
    try:
        assert names.benchmarks(store) is not before
    finally:
        store.revision = revision
    assert names.benchmarks(store) == before


# ---- laws


@pytest.mark.parametrize("kind", ["benchmarks", "labs", "countries", "terms"])
def test_everything_is_found_by_its_shown_name_and_by_its_key(store: Store, kind: str) -> None:
    choices = getattr(names, kind)(store)
    assert len(choices) > 15
    for name in choices:
        assert find(kind, name.shown, choices) == name
        assert find(kind, " ".join(name.key), choices) == name


@pytest.mark.parametrize("kind", ["benchmarks", "countries", "terms"])
def test_no_alias_leads_to_two(store: Store, kind: str) -> None:
    choices = getattr(names, kind)(store)
    for name in choices:
        for alias in set(name.aliases):
            assert find(kind, alias, choices) == name


@given(st.text(max_size=120))
def test_any_text_is_found_or_refused_in_one_printable_line(text: str) -> None:
    message = ""
    try:
        assert find("benchmark", text, MADE_UP) in MADE_UP
    except UsageError as error:
        message = str(error)
    assert message.isprintable()
    assert len(message) < 200


@given(st.text())
def test_plain_is_plain_again(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    assert plain(text.upper()) == plain(plain(text.upper()).upper())
