"""Berkeley Function Calling Leaderboard version 4."""

BOARD = "bfcl/data_overall.csv"


def test_scores_lose_their_percent_sign_and_nothing_else(read):
    scores = read("bfcl", BOARD).scores
    assert [score.score for score in scores] == [77.47, 72.51, 56.73, 48.71, 46.78, 37.15]
    assert {(score.benchmark, score.version, score.grade) for score in scores} == {("bfcl", "4", "board-run")}


def test_the_mode_in_brackets_is_a_setting_of_one_model(read):
    scores = [(score.spelling, score.setting) for score in read("bfcl", BOARD).scores]
    assert ("Qwen3-32B", "FC") in scores
    assert ("Qwen3-32B", "Prompt") in scores
    assert ("DeepSeek-V3.2-Exp", "Prompt + Thinking") in scores


def test_the_licence_is_its_word_on_openness_as_written(read):
    words = {model.spelling: (model.claim, model.raw) for model in read("bfcl", BOARD).models}
    assert words["Claude-Opus-4-5-20251101"] == ("closed", "Proprietary")
    assert words["DeepSeek-V3.2-Exp"] == ("open", "MIT")
    assert words["Mistral-small-2506"] == ("closed", "Proprietary")


def test_the_board_gives_no_release_dates(read):
    assert all(model.released is None for model in read("bfcl", BOARD).models)
