"""The dataclass of core: what a frozen one keeps at run time."""

from dataclasses import fields, is_dataclass, replace

from core.dataclass import dataclass


@dataclass(frozen=True)
class Size:
    """Compared by its fields."""

    billions: float
    unit: str = "B"


@dataclass(frozen=True, eq=False)
class Reading:
    """Compared as an object."""

    months: float


def test_it_is_a_dataclass() -> None:
    assert is_dataclass(Size)
    assert [part.name for part in fields(Size)] == ["billions", "unit"]
    assert repr(replace(Size(7), billions=8)) == "Size(billions=8, unit='B')"


def test_a_frozen_one_is_a_key_by_its_fields() -> None:
    assert {Size(7): "small"}[Size(7, "B")] == "small"
    assert Size(7) != Size(8)


def test_one_that_is_not_compared_by_its_fields_is_a_key_by_itself() -> None:
    reading = Reading(7.5)
    assert {reading: 1}.get(Reading(7.5)) is None
    assert {reading: 1}[reading] == 1
