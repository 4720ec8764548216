"""Sizes of models as people write them, and which models are of one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import UsageError
from core.questions.fields import id_of, memory_of, parse_size, parse_size_key, read_size
from core.store.store import Store


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("up to 40B", "<=40"), ("at most 40 billion", "<=40"), ("under 7b", "<7"), ("< 7B", "<7"), ("over 70B", ">70"),
        ("more than 70B parameters", ">70"), ("at least 70B", ">=70"), ("70B or more", ">=70"), ("70B+", ">=70"),
        ("10B to 40B", "10-40"), ("small", "<=40"), ("Large", ">40"), ("40-10b", "10-40"), ("0.5B or less", "<=0.5"),
        ("no bigger than 20b", "<=20"), ("smaller than 8B", "<8"), ("30b max", "<=30"), ("13B and up", ">=13"),
        ("between 7 and 14B", "7-14"),
        # a negation turns a bound round
        ("not bigger than 8B", "<=8"), ("isn't larger than 8B", "<=8"), ("not over 20b", "<=20"),
        ("not smaller than 100B", ">=100"), ("not under 7B", ">=7"), ("never over 8 B", "<=8"),
        ("no more than 3B", "<=3"), ("not be over 8B", "<=8"),
        # in other words and languages
        ("sub-32B", "<32"), ("≤ 32B", "<=32"), ("maximum of 32B", "<=32"), ("no bigger than a 70B", "<=70"),
        ("over 1 trillion parameters", ">1000"), ("up to 2.5T", "<=2500"), ("from 100B", ">=100"),
        ("bis 32B", "<=32"), ("unter 70 Milliarden Parametern", "<70"), ("nicht größer als 7,5B", "<=7.5"),
        ("jusqu’à 32B", "<=32"), ("moins de 32 milliards de paramètres", "<32"),
        ("hasta 32 mil millones de parámetros", "<=32"), ("no mayores de 10B", "<=10"),
        ("fino a 32 miliardi di parametri", "<=32"), ("até 32 bilhões de parâmetros", "<=32"),
        ("no máximo 14B", "<=14"), ("7 à 14B", "7-14"), ("zwischen 7 und 14B", "7-14"), ("7 bis 14B", "7-14"),
    ],
)  # fmt: skip
def test_a_size_is_read_in_any_of_its_forms_and_languages(typed: str, key: str) -> None:
    size = read_size(typed)
    assert size is not None
    assert size.key == key
    assert parse_size_key(key) == size


@pytest.mark.parametrize(
    "typed",
    [
        "32B", "not at least 32B", "not over 8B or more", "235b a22b", "Qwen3 32B", "up to 40", "May 2025",
        "over 40B or more", "7B and 14B", "between 7B to 14B", "2025-01", "",
    ],
)  # fmt: skip
def test_what_is_no_size_is_none(typed: str) -> None:
    assert read_size(typed) is None


@given(st.floats(0, 5000), st.sampled_from([("<=40", ">40"), ("<40", ">=40")]))
def test_a_size_and_its_opposite_share_no_model_and_leave_none_out(parameters: float, keys: tuple[str, str]) -> None:
    assert parse_size_key(keys[0]).holds(parameters) != parse_size_key(keys[1]).holds(parameters)


def test_both_ends_of_a_range_are_in_it() -> None:
    assert [parse_size_key("10-40").holds(size) for size in (9.9, 10, 40, 40.1)] == [False, True, True, False]


def test_a_key_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="no size: 'large'"):
        parse_size_key("large")


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("8 GB", "<=8"), ("24 GB", "<=32"), ("64gb", "<=80"), ("160 GB", "<=250"), ("48GB VRAM", "<=60"),
        ("12 GB", "<=14"), ("2x3090", "<=60"), ("two 24 GB cards", "<=60"), ("RTX 4090", "<=32"), ("3060 12gb", "<=14"),
        ("a 24 GB card", "<=32"), ("192 GB", "<=306"), ("large card", "<=32"), ("server", "<=250"), ("32", "<=32"),
    ],
)  # fmt: skip
def test_memory_is_a_bound_in_parameters_in_proportion_between_the_kinds_of_hardware(typed: str, key: str) -> None:
    assert parse_size(typed) == key


@given(st.integers(1, 9999))
def test_the_memory_of_a_size_is_the_memory_that_was_typed(gigabytes: int) -> None:
    assert memory_of(parse_size_key(parse_size(f"{gigabytes} GB") or "").high) == gigabytes


@given(st.integers(1, 9999), st.floats(0.1, 9999))
def test_a_model_is_within_the_size_of_memory_just_where_this_memory_is_enough(gigabytes: int, model: float) -> None:
    size = parse_size_key(parse_size(f"{gigabytes} GB") or "")
    assert size.holds(model) == (memory_of(model) <= gigabytes)


@pytest.mark.parametrize(
    ("typed", "region"),
    [("europe", "Europe"), ("European", "Europe"), ("the EU", "European Union"), ("Asian", "Asia")],
)
def test_a_region_is_found_like_a_country(store: Store, typed: str, region: str) -> None:
    assert id_of("country", store, typed) == region


@pytest.mark.parametrize("typed", ["Africa", "Latin America", "the Middle East", "Western"])
def test_a_region_of_unlisted_countries_is_refused_with_the_countries_of_models(store: Store, typed: str) -> None:
    with pytest.raises(UsageError, match=f'^"{typed}" is no single country; give one with models here: ') as refusal:
        id_of("country", store, typed)
    assert refusal.value.suggestions[:3] == ("Canada", "China", "France")
