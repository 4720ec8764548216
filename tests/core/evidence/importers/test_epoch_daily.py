"""One day's file of Epoch's own runs, METR's horizons and the index."""

from datetime import date

DAYS = ["2026-05-22", "2026-06-12", "2026-08-22"]


def name(day: str) -> str:
    return f"epoch_daily/scores_{day}.csv"


def found(read, day: str):
    return {(score.benchmark, score.spelling): score for score in read("epoch-daily", name(day)).scores}


def test_only_the_newest_file_carries_a_third_partys_word_on_openness(read):
    for day in DAYS[:2]:
        assert all(model.claim is None for model in read("epoch-daily", name(day)).models)
    models = {model.spelling: model for model in read("epoch-daily", name(DAYS[2])).models}
    assert (models["kimi_k2_thinking"].claim, models["kimi_k2_thinking"].raw) == ("open", "is_open True")
    assert (models["GPT-5"].claim, models["GPT-5"].raw) == ("closed", "is_open False")
    assert (models["GPT-5"].name, models["GPT-5"].released) == ("GPT-5 (high)", date(2025, 8, 7))
