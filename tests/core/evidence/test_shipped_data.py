"""Facts of the tables that gapbrief ships: what a wrong import, a wrong name or a wrong date would break."""

import re
from collections import Counter, defaultdict
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from core.evidence.evidence import parse_grid
from core.store.tables import TABLES
from core.words import DOMAINS
from tests.core.evidence.csv_tables import read_rows

DATA = Path(__file__).parents[3] / "data"


table = partial(read_rows, DATA)
MODELS = {row["model_id"]: row for row in table("models")}
SCORES = table("scores")
BENCHMARKS = {(row["benchmark_id"], row["version"]): row for row in table("benchmarks")}
SOURCES = {row["source_id"]: row for row in table("sources")}
CLASSIFICATIONS = table("classifications")
CONFLICTS = table("conflicts")


def live(benchmark: str, version: str = "1") -> list[dict[str, str]]:
    key = (benchmark, version)
    return [row for row in SCORES if (row["benchmark_id"], row["version"]) == key and not row["superseded_from"]]


def decisive(model: str) -> set[tuple[str, str]]:
    """Who decided on a model's openness, and with which claim."""
    words = (row for row in CLASSIFICATIONS if (row["model_id"], row["used"]) == (model, "true"))
    return {(row["source_id"], row["claim"]) for row in words}


@pytest.mark.parametrize(
    ("model", "openness", "grade", "source"),
    [
        ("qwen-max-2025-01-25", "closed", "index", "epoch-index-2026-07-01"),
        ("mistral-large-2402", "closed", "index", "epoch-index-2026-07-01"),
        ("mistral-medium-2508", "closed", "audited", "study-overrides"),
        ("muse-spark", "closed", "index", "epoch-index-2026-07-01"),
        ("muse-spark-1.1", "closed", "registry", "models-dev-2026-10-07"),
        ("gpt-oss-120b", "open", "index", "epoch-index-2026-07-01"),
        ("WizardLM-2-8x22B", "open", "audited", "study-overrides"),
        ("DeepSeek-R1", "open", "index", "epoch-index-2026-07-01"),
        ("kimi-k3", "open", "audited", "weights-evidence-2026-10"),
        ("glm-5.3", "open", "audited", "weights-evidence-2026-10"),  # the index still says API
        ("qwen3.8-2.4t-a95b", "open", "audited", "weights-evidence-2026-10"),  # not Qwen 3.8 Max, which is an API
        ("qwen3.8-max", "closed", "index", "epoch-index-2026-10-08"),
        ("MiniMax-M3", "open", "index", "epoch-accessibility-2026-10-08"),
        ("gpt-5.6-luna", "closed", "third-party", "epoch-daily-2026-08-22"),
        ("deepseek-v4-flash-0731", "open", "registry", "models-dev-2026-10-07"),
        ("deepseek-v4-flash-vision-exp", "open", "registry", "models-dev-2026-10-07"),
        ("magistral-small-2509", "open", "registry", "models-dev-2026-10-07"),
        ("glm-5.3-flash", "open", "audited", "weights-evidence-2026-10"),  # models.dev still says closed
        ("qwen3.8-27b", "open", "audited", "weights-evidence-2026-10"),
        ("codestral-2501", "closed", "audited", "evidence-first-hand"),
        ("mistral-small-2506", "open", "audited", "evidence-first-hand"),
        ("internlm-20b", "open", "audited", "evidence-first-hand"),
        ("Qwen2.5-Coder-14B-Instruct", "open", "audited", "evidence-first-hand"),
    ],
)
def test_open_or_closed_by_the_evidence_that_is_listed(model: str, openness: str, grade: str, source: str):
    assert (MODELS[model]["openness"], MODELS[model]["openness_grade"]) == (openness, grade)
    assert (source, openness) in decisive(model)


def test_every_classified_model_has_the_evidence_of_its_grade():
    roles = {"audited": "override", "index": "index", "registry": "registry", "third-party": "third-party"}
    for model in MODELS.values():
        if model["openness_grade"] == "none":
            assert model["openness"] == "unknown"
            continue
        decided = decisive(model["model_id"])
        assert {claim for _, claim in decided} == {model["openness"]}, model
        assert min(SOURCES[source]["role"] for source, _ in decided) == roles[model["openness_grade"]], model


def test_every_model_that_is_left_out_has_its_reason():
    disputed = {row["model_id"] for row in CONFLICTS if row["kind"] == "openness" and row["kept"] == "unknown"}
    spoken_of = {row["model_id"] for row in CLASSIFICATIONS}
    withheld = {row["model_id"] for row in CONFLICTS if row["kind"] == "release date" and row["kept"] == "withheld"}
    for name, model in MODELS.items():
        if model["openness"] == "unknown":
            assert name in disputed or name not in spoken_of
        if not model["release_date"]:
            assert name in withheld or not model["date_source"]
    assert withheld == {"openhands-lm-32b-v0.1"}


def test_17_headline_benchmarks_8_private_and_9_public_and_their_new_versions():
    headline = {key: row for key, row in BENCHMARKS.items() if row["headline"] == "true"}
    first = [row for row in headline.values() if not row["succeeds"]]
    assert Counter(row["access"] for row in first) == {"private": 8, "public": 9}
    later = {key: row for key, row in headline.items() if row["succeeds"]}
    assert set(later) == {("frontiermath", "2"), ("frontiermath-tier-4", "2")}
    for (benchmark, _), row in later.items():
        before = headline[benchmark, row["succeeds"]]
        assert (before["access"], before["family"]) == (row["access"], row["family"])


def test_sister_boards_are_one_family_and_every_other_is_its_own():
    families = {}
    for (benchmark, _), row in BENCHMARKS.items():
        families.setdefault(row["family"], set()).add(benchmark)
    assert {name: sisters for name, sisters in families.items() if sisters != {name}} == {
        "arc-agi": {"arc-agi", "arc-agi-2"},
        "frontiermath": {"frontiermath", "frontiermath-tier-4"},
        "mmlu": {"mmlu", "mmlu-pro"},
        "swe-bench-verified": {"swe-bench-verified", "openhands-swe-bench"},  # the same 500 tasks
        "tau2": {"tau2-airline", "tau2-banking", "tau2-retail", "tau2-telecom"},
        "weirdml": {"weirdml", "weirdml-v3"},
    }


OF_MANY_FIELDS = {"eci", "livebench"}
"""One score over tests of several fields, so in no domain."""


def test_every_benchmark_is_of_one_domain_but_those_that_join_several():
    assert {row["domain"] for row in BENCHMARKS.values()} - {""} <= set(DOMAINS)
    assert {benchmark for (benchmark, _), row in BENCHMARKS.items() if not row["domain"]} == OF_MANY_FIELDS


def test_versions_and_sisters_are_of_one_domain():
    """A family is one cluster: in two domains it would count in two figures that are compared."""
    for key in ("benchmark_id", "family"):
        domains_of = defaultdict(set)
        for row in BENCHMARKS.values():
            domains_of[row[key]].add(row["domain"])
        assert {name: domains for name, domains in domains_of.items() if len(domains) > 1} == {}


def test_the_notes_on_the_method_list_the_benchmarks_of_each_domain():
    text = (Path(__file__).parents[3] / "docs" / "method.md").read_text(encoding="utf-8")
    for domain in DOMAINS:
        listed = re.search(rf"^\| {domain} \| (.*) \|$", text, re.MULTILINE)
        assert listed, domain
        names = {row["name"] for row in BENCHMARKS.values() if row["domain"] == domain}
        assert set(listed[1].split(", ")) - {"–"} == names


def test_versions_never_mix():
    versions = {(row["benchmark_id"], row["version"]) for row in SCORES}
    assert versions <= set(BENCHMARKS)
    expected = {
        "frontiermath": {"1", "2"}, "frontiermath-tier-4": {"1", "2"}, "terminal-bench": {"2"}, "weirdml": {"2"},
        "metr-time-horizons": {"1.0", "1.1", "mixed"},
    }  # fmt: skip
    for benchmark, of_benchmark in expected.items():
        assert {version for name, version in versions if name == benchmark} == of_benchmark


@pytest.mark.parametrize(
    ("model", "released"),
    [
        ("o1-preview-2024-09-12", date(2024, 9, 12)),
        ("DeepSeek-R1", date(2025, 1, 20)),
        ("gpt-4-0314", date(2023, 3, 14)),
        ("WizardLM-2-8x22B", date(2024, 4, 15)),
        ("Kimi-K2-Instruct", date(2025, 7, 12)),
        ("mistral-large-2512", date(2025, 12, 2)),
        ("gpt-oss-120b", date(2025, 8, 5)),
        ("kimi-k3", date(2026, 7, 27)),
        ("falcon-40b", date(2023, 5, 25)),
        ("qwen2.5-7b-instruct", date(2024, 9, 19)),
        ("qwen2.5-14b-instruct", date(2024, 9, 19)),
        ("glm-4.5", date(2025, 7, 28)),
        ("GLM-4.5-Air", date(2025, 7, 28)),
        ("Inkling-Small", date(2026, 7, 30)),
    ],
)
def test_release_dates(model: str, released: date):
    assert date.fromisoformat(MODELS[model]["release_date"]) == released


@pytest.mark.parametrize(
    ("model", "not_called"),
    [
        ("Qwen2.5-VL-72B-Instruct", "qwen2.5-72b-instruct"),
        ("code-davinci-002", "text-davinci-002"),
        ("grok-4-1-fast-reasoning", "grok-4-1-fast-non-reasoning"),
        ("gemini-2.0-flash-001", "gemini-2.0-flash-exp"),
        ("gemini-exp-1206", "gemini-2.0-flash-exp"),
        ("deepseek-reasoner", "DeepSeek-V3.2-Speciale"),
    ],
)
def test_two_models_that_sources_call_alike_are_two(model: str, not_called: str):
    assert {model, not_called} <= set(MODELS)
    assert MODELS[model]["name"] != MODELS[not_called]["name"]


@pytest.mark.parametrize(
    ("spelling", "source", "model", "variant"),
    [
        ("gpt-5.6-sol-pro (max)", "weirdml-2026-08-17", "gpt-5.6-sol", "promax"),
        ("mistral-small-3.2-24b-instruct-2506", "llm-leaderboard-2025-10", "mistral-small-2506", ""),
        ("Phi3-medium-4k", "mmlu-pro-tiger-2026-03", "Phi-3-medium-4k-instruct", ""),
        ("Deepseek-V2-Chat", "mmlu-pro-tiger-2026-03", "DeepSeek-V2", ""),
        ("GPT-4-Turbo", "mmlu-pro-tiger-2026-03", "gpt-4-1106-preview", ""),
        ("mistral-medium-2604", "epoch-long-2026-08-11", "Mistral Medium 3.5", ""),
        ("gemini-1.5-flash", "forecastbench-2026-07-24", "gemini-1.5-flash-001", ""),
        ("gemini-1.5-pro", "forecastbench-2026-07-24", "gemini-1.5-pro-001", ""),
        # WeirdML writes so the runs of high effort and of thinking, LiveBench those of no effort.
        ("gpt-5.4-mini", "livebench-2026-06-30", "gpt-5.4-mini-2026-03-17", ""),
        ("deepseek-v3.2-exp", "livebench-2026-06-30", "DeepSeek-V3.2-Exp", ""),
        ("gpt-5.6-sol-max", "livebench-2026-08-22", "gpt-5.6-sol", "max"),
        ("gemini-3.7-flash (high)", "livebench-2026-08-22", "Gemini 3.7 Flash", "high"),
    ],
)
def test_one_model_under_two_names_is_one(spelling: str, source: str, model: str, variant: str):
    aliases = [row for row in table("aliases") if (row["spelling"], row["source_id"]) == (spelling, source)]
    assert [(row["model_id"], row["variant"]) for row in aliases] == [(model, variant)]


def test_no_run_of_terminal_bench_is_stored_twice_with_and_without_its_effort():
    runs = Counter(
        (row["model_id"], re.sub(r" run \d+$", "", row["setting"]), row["score"], row["known_from"])
        for row in live("terminal-bench", "2")
    )
    assert len(live("terminal-bench", "2")) > 100
    assert set(runs.values()) == {1}


def test_a_date_that_another_board_gives_r1_is_a_conflict_and_not_used():
    others = {row["other"] for row in CONFLICTS if row["kind"] == "release date" and row["model_id"] == "DeepSeek-R1"}
    assert others == {"2025-01-19"}


def test_the_day_on_which_arena_first_listed_a_model_is_held_against_its_release_and_never_taken():
    assert "arena-first-seen-2026-10-02" not in {row["date_source"] for row in MODELS.values()}
    late = {row["model_id"]: row for row in CONFLICTS if row["other_source"] == "arena-first-seen-2026-10-02"}
    assert all(row["other"] < row["kept"] == MODELS[model]["release_date"] for model, row in late.items())
    conflict = late["gemini-3.1-pro-preview"]
    assert (conflict["kept"], conflict["other"]) == ("2026-02-19", "2026-02-06")


def test_models_that_epochs_words_of_october_name_and_no_board_here_has_are_awaited():
    assert {(row["name"], row["release_date"], row["openness"]) for row in table("awaited")} == {
        ("GPT-6.1 Sol", "2026-09-29", "closed"),
        ("GPT-6 Sol", "2026-09-22", "closed"),
        ("Claude Sonnet 5.5", "2026-09-28", "closed"),
        ("Gemini 4 Argon", "2026-09-30", "closed"),
        ("DeepSeek V4.1 Flash", "2026-09-09", "open"),
        ("MiMo-V2.6 Pro", "2026-09-21", "open"),  # by models.dev: Epoch's word on it is blank
    }
    assert {row["source_id"] for row in table("awaited")} == {"epoch-accessibility-2026-10-08"}


def test_livebench_has_46_scores_of_its_release_of_june_2026_known_since_that_table():
    board = live("livebench", "2026-06-25")
    assert len(board) == 46
    assert {row["known_from"] for row in board} == {"2026-08-22"}
    assert max(board, key=lambda row: float(row["score"]))["model_id"] == "claude-fable-5"


def test_metrs_mixed_board_has_40_scores_and_at_least_5_open_models():
    board = live("metr-time-horizons", "mixed")
    assert len(board) == 40
    openly = {row["model_id"] for row in board if MODELS[row["model_id"]]["openness"] == "open"}
    assert len(openly) >= 5


def test_metrs_suite_1_1_has_no_open_model_but_gpt_2():
    board = {row["model_id"] for row in live("metr-time-horizons", "1.1")}
    assert {model for model in board if MODELS[model]["openness"] == "open"} == {"gpt2-xl"}


@pytest.mark.parametrize(
    ("benchmark", "model", "score"),
    [
        ("simplebench", "DeepSeek-V3.1", 40.0),
        ("frontiermath", "claude-opus-4-6", 40.0),
        ("arc-agi", "gemini-3-pro-preview", 75.0),
        ("mmlu", "falcon-7b", 35.0),
        ("gpqa-diamond", "gpt-5-mini-2025-08-07", 75.0),
    ],
)
def test_scores_on_a_threshold_reach_it_exactly(benchmark: str, model: str, score: float):
    assert score in [float(row["score"]) for row in live(benchmark) if row["model_id"] == model]


def test_nothing_is_known_before_a_week_ahead_of_its_models_release():
    """Runs by an API may come earlier, if the day of the weights is the release."""
    for row in SCORES:
        model = MODELS[row["model_id"]]
        if model["release_date"]:
            early = date.fromisoformat(model["release_date"]) - date.fromisoformat(row["known_from"])
            assert early.days <= (14 if model["date_source"] == "weights-evidence-2026-10" else 7), row


def test_no_live_cell_is_there_twice():
    cells = Counter(
        (row["benchmark_id"], row["version"], row["model_id"], row["variant"], row["setting"])
        for row in SCORES
        if not row["superseded_from"]
    )
    assert [cell for cell, count in cells.items() if count > 1] == []


def test_the_models_that_share_a_name_with_another_stay_apart():
    weirdml = {(row["model_id"], row["variant"], row["setting"]): float(row["score"]) for row in live("weirdml", "2")}
    scores = {
        "Qwen3-235B-A22B-Thinking-2507": 41.037078431, "Qwen3-235B-A22B-Instruct-2507": 38.70119281,
        "Kimi-K2-Instruct": 39.361195145, "Kimi-K2-Instruct-0905": 36.675522876,
    }  # fmt: skip
    assert {model: weirdml[model, "", ""] for model in scores} == scores
    assert not [key for key in weirdml if "run" in key[2]]


def test_weirdml_holds_nothing_that_its_author_has_taken_back():
    codex = [row for row in SCORES if row["benchmark_id"] == "weirdml" and row["model_id"] == "gpt-5.3-codex"]
    assert {float(row["score"]) for row in codex if not row["superseded_from"]} == {77.898137255}
    assert {row["superseded_from"] for row in codex if float(row["score"]) == 79.3} == {"2026-05-20"}


def test_aiders_runs_of_earlier_models_are_not_filed_under_later_ones():
    board = {(row["model_id"], row["score"]) for row in live("aider-polyglot")}
    assert ("Kimi-K2-Instruct", "59.1") in board
    assert not {model for model, _ in board} & {
        "Kimi-K2-Instruct-0905", "Qwen3-235B-A22B-Thinking-2507", "Qwen3-235B-A22B-Instruct-2507", "deepseek-reasoner",
    }  # fmt: skip
    dropped = {(row["source_id"], row["reason"]): row["rows"] for row in table("dropped")}
    assert dropped["epoch-hub-2026-04-19", "run before the model's release: another model's score"] == "4"


def test_a_hosts_copy_is_no_model_of_its_own():
    assert not [model for model in MODELS if "/" in model or model.startswith("parasail-") or model.endswith(":free")]


def test_every_open_model_of_a_headline_benchmark_has_a_country():
    headline = {key for key, row in BENCHMARKS.items() if row["headline"] == "true"}
    tested = {row["model_id"] for row in SCORES if (row["benchmark_id"], row["version"]) in headline}
    assert not [m for m in tested if MODELS[m]["openness"] == "open" and not MODELS[m]["country"]]


@pytest.mark.parametrize("name", [table.name for table in TABLES])
def test_no_table_names_a_path_or_host_of_a_workplace(name: str):
    text = (DATA / f"{name}.csv").read_text(encoding="utf-8")
    assert not re.search(r"(?:^|[\s,;\"'(])(?:/work|/tmp|/home|/root|/mnt|/Users|[A-Z]:\\)", text)
    hosts = set(re.findall(r"https?://([^/\s,;\"]+)", text))
    assert not {host for host in hosts if "." not in host or re.fullmatch(r"[\d.:]+|.*\.(?:local|internal|lan)", host)}


def test_thresholds_are_of_headline_benchmarks_and_on_their_grids():
    for row in table("thresholds"):
        benchmark = BENCHMARKS[row["benchmark_id"], row["version"]]
        assert benchmark["headline"] == "true"
        assert float(row["threshold"]) in parse_grid(benchmark["grid"])[1]


@pytest.mark.parametrize(
    ("model", "total", "active"),
    [
        ("kimi-k3", "2800", "104"),
        ("qwen3.5-397b-a17b", "397", "17"),
        ("open-mixtral-8x22b", "141", ""),
        ("phi-2", "2.7", ""),
    ],
)
def test_how_many_parameters_a_model_has(model: str, total: str, active: str):
    [size] = [row for row in table("parameters") if row["model_id"] == model]
    assert (size["total_b"], size["active_b"]) == (total, active)


def test_only_open_models_have_a_size_and_one_from_2026_is_listed_or_unknown():
    sized = {row["model_id"] for row in table("parameters")}
    assert {MODELS[model]["openness"] for model in sized} == {"open"}
    assert not sized & {"kimi-k2.6", "glm-5.1", "MiniMax-M2.7"}  # nobody states theirs: no sibling's is taken


def test_what_others_published_has_its_rule_its_address_and_what_keeps_it_from_ours():
    autumn = [row for row in table("published") if row["published"] >= "2026-07-17"]
    assert len(autumn) >= 12
    for row in autumn:
        assert row["why"]
        assert bool(row["months_low"]) == bool(row["months_high"])
        if row["url"]:
            assert row["url"].startswith("https://")
        assert row["comparable"] != "same"


def test_prices_are_of_models_here_and_from_2026_on():
    prices = table("model_prices")
    assert len(prices) > 100
    assert {row["model_id"] for row in prices} <= set(MODELS)
    assert min(row["day"] for row in prices) >= "2026-01-01"
