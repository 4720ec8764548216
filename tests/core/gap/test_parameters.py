"""Methods by name: what was published is never edited, and the newest of each family is the one that is asked for."""

from core.gap.parameters import DEFAULT, METHODS, NEWEST


def test_every_published_method_stands_under_its_name() -> None:
    assert list(METHODS) == ["study-1", "clustered-1", "clustered-2", "index-1", "index-2"]
    assert all(method.name == name for name, method in METHODS.items())


def test_the_newest_of_each_family_is_a_method_and_the_index_leads() -> None:
    assert set(NEWEST.values()) < set(METHODS)
    assert DEFAULT.name == NEWEST["index"] == "index-2"
    assert [METHODS[name].range_by for name in ("index-1", "index-2")] == ["jackknife", "draws"]
