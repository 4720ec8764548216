"""Forgiving names: how a benchmark, lab or country may be called, and what is never guessed."""

from collections.abc import Callable, Iterator
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


SEVERAL = [
    *MADE_UP[:4],
    Name(("gsm8k", "1"), "GSM8K Main", ("grade school",)),
    Name(("gsm8k", "2"), "GSM8K Platinum", ("grade school",)),
    MADE_UP[5],
]


@pytest.mark.parametrize("typed", ["hor", "", "!!!", "matth", "level"])
def test_what_is_short_or_far_from_every_name_is_never_guessed(typed: str) -> None:
    with pytest.raises(UsageError) as caught:
        find("benchmark", typed, SEVERAL)
    assert len(caught.value.suggestions) <= 3
    assert set(caught.value.suggestions) <= {name.shown for name in SEVERAL}
    assert str(caught.value).startswith("No benchmark is called ")


@pytest.mark.parametrize(
    ("typed", "fitting"),
    [
        ("fron", ("Frontier", "Frontier Two")),  # begins both
        ("gsm8", ("GSM8K Main", "GSM8K Platinum")),
        ("grade school", ("GSM8K Main", "GSM8K Platinum")),  # an alias of both
        ("grade shcool", ("GSM8K Main", "GSM8K Platinum")),  # a slip in it
    ],
)
def test_what_fits_several_is_answered_with_those_that_fit(typed: str, fitting: tuple[str, ...]) -> None:
    with pytest.raises(UsageError) as caught:
        find("benchmark", typed, SEVERAL)
    assert caught.value.suggestions == fitting
    assert str(caught.value) == f'Several benchmarks are called "{typed}": is it {fitting[0]} or {fitting[1]}?'


def test_many_that_fit_are_offered_shortest_first_and_six_at_most() -> None:
    known = [Name((f"{n}",), f"Suite {'x' * n}", ()) for n in range(9, 0, -1)]
    with pytest.raises(UsageError) as caught:
        find("country", "suite", known)
    assert len(caught.value.suggestions) == 9
    said = ", ".join(f"Suite {'x' * n}" for n in range(1, 6))
    assert str(caught.value) == f'Several countries are called "suite": is it {said} or Suite xxxxxx?'


# ---- slips of typing


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("simpel bench", "SimpleBench"),  # two letters changed places
        ("frontiermaths", "FrontierMath"),  # one too many
        ("wierdml", "WeirdML"),
        ("weirdmll", "WeirdML"),
        ("humanitys last exm", "Humanity's Last Exam"),  # one too few
        ("terminl bemch 2", "Terminal-Bench 2"),  # two slips in twelve letters and more
    ],
)
def test_a_small_slip_of_typing_is_mended(store: Store, typed: str, shown: str) -> None:
    assert find("benchmark", typed, names.benchmarks(store)).shown == shown


@pytest.mark.parametrize(
    "typed", ["gsm9k plain", "gsm k plain", "gsm88k plain", "suite 1.2", "model 20240621", "model 20240602"]
)
def test_a_digit_is_never_mended(typed: str) -> None:
    known = [
        Name(("g",), "GSM8K Plain", ()),
        Name(("s",), "My Suite", ("suite 1.1",)),
        Name(("m",), "The Model", ("model 20240620",)),
    ]
    with pytest.raises(UsageError, match=r"^No model is called"):
        find("model", typed, known)


@given(st.sampled_from(["weirdml", "simplebench", "humanityslastexam", "arcagi2", "gsm8kplatinum"]), st.data())
def test_a_slip_keeps_every_digit_and_changes_one_letter_in_six(spelling: str, data: st.DataObject) -> None:
    """Whatever is typed: what is found differs little, and in no digit."""
    letters = list(spelling)
    for _ in range(data.draw(st.integers(0, 4))):
        place = data.draw(st.integers(0, len(letters) - 1))
        letters[place] = data.draw(st.sampled_from("abcxyz0123"))
    typed = "".join(letters)
    known = [Name(("one",), spelling, ()), Name(("other",), "entirely different", ())]
    changed = sum(a != b for a, b in zip(typed, spelling, strict=True))
    same_digits = [c for c in typed if c.isdigit()] == [c for c in spelling if c.isdigit()]
    found = names.misspelt(typed, known)
    assert set(found) <= {spelling}
    if found:
        assert same_digits
        assert len(typed) // 6 >= 1
    if changed <= len(typed) // 6 and same_digits:
        assert found == [spelling]
    if changed == 0:
        assert find("benchmark", typed, known) is known[0]


def test_the_smaller_slip_goes_before_the_larger() -> None:
    known = [Name(("a",), "abcdefghijkl", ()), Name(("b",), "abcdefghijxy", ())]
    assert find("lab", "abcdefghijkm", known) is known[0]  # one letter from it, two from the other


def test_two_spellings_of_one_name_are_one_name() -> None:
    known = [Name(("a",), "The Suite", ("abcdefgh", "abcdefgi")), Name(("b",), "Another", ())]
    assert find("lab", "abcdefgj", known) is known[0]


@pytest.mark.parametrize(("typed", "nearest"), [("gpqaa", "GPQA Diamond"), ("wierdmml", "WeirdML")])
def test_the_nearest_name_comes_first_and_is_only_offered(store: Store, typed: str, nearest: str) -> None:
    with pytest.raises(UsageError) as caught:
        find("benchmark", typed, names.benchmarks(store))
    assert caught.value.suggestions[0] == nearest
    assert str(caught.value).startswith(f'No benchmark is called "{typed}". Did you mean {nearest}')


@pytest.mark.parametrize(
    ("kind", "known", "list_"),
    [
        ("country", names.countries, "give one such as China, France or South Korea"),
        ("benchmark", names.benchmarks, "frontier and sources list the benchmarks"),
        ("lab", names.labs, "data/labs.csv lists the labs"),
        ("model", names.models, "data/models.csv lists the models"),
        ("term", names.terms, "terms lists them all"),
    ],
)
def test_where_no_name_is_near_the_list_is_named(
    store: Store, kind: str, known: Callable[[Store], list[Name]], list_: str
) -> None:
    with pytest.raises(UsageError) as caught:
        find(kind, "zyzzyva", known(store))
    assert str(caught.value) == f'No {kind} is called "zyzzyva". None is near; {list_}.'
    assert caught.value.suggestions == ()


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
def test_a_benchmark_is_found_by_what_people_call_it(store: Store, typed: str, key: str) -> None:
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
def test_a_country_is_found_by_its_names_codes_and_demonym(store: Store, typed: str, country: str) -> None:
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
def test_a_lab_is_found_by_its_names_and_its_models_family(store: Store, typed: str, lab: str) -> None:
    assert find("lab", typed, names.labs(store)).key == (lab,)


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
    with pytest.raises(UsageError, match=f'^Several models are called "{typed}": is it ') as caught:
        find("model", typed, VERSIONS)
    assert len(caught.value.suggestions) == 2


@pytest.mark.parametrize(
    ("typed", "model"),
    [
        ("r1", "DeepSeek-R1"),
        ("deepseek r1", "DeepSeek-R1"),
        ("k2", "Kimi-K2-Instruct"),
        ("kimi k2", "Kimi-K2-Instruct"),
        ("gpt4", "gpt-4-0314"),
        ("GPT-4", "gpt-4-0314"),
        ("gpt-4o", "gpt-4o-2024-05-13"),
        ("4o", "gpt-4o-2024-05-13"),
        ("o1", "o1-2024-12-17"),
        ("claude 3.5 sonnet", "claude-3-5-sonnet-20240620"),
        ("claude-3-5-sonnet-20240620", "claude-3-5-sonnet-20240620"),
        ("deepsek v3", "DeepSeek-V3"),
        ("wizardlm 2", "WizardLM-2-8x22B"),
    ],
)
def test_a_model_is_found_by_what_people_call_it(store: Store, typed: str, model: str) -> None:
    assert find("model", typed, names.models(store)).key == (model,)


@pytest.mark.parametrize("typed", ["8B", "7b", "13b", "72B", "27b"])
def test_a_size_names_no_model(store: Store, typed: str) -> None:
    with pytest.raises(UsageError, match=f'^No model is called "{typed}"'):
        find("model", typed, names.models(store))


@pytest.mark.parametrize("typed", ["claude", "grok", "3.5 flash", "qwen3"])
def test_a_family_of_models_is_offered_not_guessed(store: Store, typed: str) -> None:
    with pytest.raises(UsageError, match=f'^Several models are called "{typed}": is it ') as caught:
        find("model", typed, names.models(store))
    assert len(caught.value.suggestions) > 1


def test_of_a_family_the_newest_are_offered_first(store: Store) -> None:
    with pytest.raises(UsageError) as several:
        find("model", "llama", names.models(store))
    assert "Llama 4 Scout" in several.value.suggestions[:3]
    with pytest.raises(UsageError, match=r"Did you mean GPT-5\.\d") as short:
        find("model", "gpt", names.models(store))
    assert all(name.startswith("GPT-5") for name in short.value.suggestions)


@pytest.mark.parametrize("typed", ["may", "closed"])
def test_a_short_text_that_a_part_of_a_name_is_like_is_near_to_none(store: Store, typed: str) -> None:
    with pytest.raises(UsageError) as caught:
        find("lab", typed, [*names.labs(store), *names.benchmarks(store)])
    assert caught.value.suggestions == ()


@pytest.mark.parametrize("typed", ["gpt 6.9", "claude 9 opus", "claude-3-5-sonnet-20240621", "o9"])
def test_a_model_that_is_not_there_is_not_another(store: Store, typed: str) -> None:
    with pytest.raises(UsageError, match=r"^No model is called "):
        find("model", typed, names.models(store))


def test_every_model_is_found_by_its_id_and_by_its_shown_name(store: Store) -> None:
    known = names.models(store)
    assert len(known) > 400
    for name in known:
        assert find("model", name.key[0], known) == name
        assert find("model", name.shown, known).plain == name.plain


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
    known = getattr(names, kind)(store)
    assert len(known) > 15
    for name in known:
        assert find(kind, name.shown, known) == name
        assert find(kind, " ".join(name.key), known) == name


TOPICS = {"coding", "programming", "software engineering", "maths", "mathematics"}
"""What several benchmarks are called: these are offered."""


@pytest.mark.parametrize("kind", ["benchmarks", "countries", "terms"])
def test_no_alias_leads_to_two_but_a_topic(store: Store, kind: str) -> None:
    known = getattr(names, kind)(store)
    for name in known:
        for alias in set(name.aliases) - TOPICS:
            assert find(kind, alias, known) == name


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_a_topic_is_answered_with_its_benchmarks(store: Store, topic: str) -> None:
    with pytest.raises(UsageError, match=f'^Several benchmarks are called "{topic}": is it ') as caught:
        find("benchmark", topic, names.benchmarks(store))
    assert len(caught.value.suggestions) == 3


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


@pytest.mark.parametrize(
    ("kind", "known", "typed", "first"),
    [
        ("country", names.countries, "Chna", "China"),
        ("model", names.models, "Kimi K9", "Kimi K3"),
    ],
)
def test_the_nearest_is_offered_first_and_of_a_family_the_newest(
    store: Store, kind: str, known: Callable[[Store], list[Name]], typed: str, first: str
) -> None:
    with pytest.raises(UsageError) as caught:
        find(kind, typed, known(store))
    assert caught.value.suggestions[0] == first


def test_of_a_family_with_a_number_that_there_is_not_the_newest_are_offered(store: Store) -> None:
    known = names.models(store)
    with pytest.raises(UsageError) as caught:
        find("model", "Llama 5", known)
    days = {name.shown: name.since for name in known if name.plain.startswith("llama")}
    assert [days[shown] for shown in caught.value.suggestions] == sorted(days.values(), reverse=True)[:3]
