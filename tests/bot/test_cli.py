"""`gapbrief gap` as people and programs use it: text, JSON contract, names, and what it says to bad input."""

import json
import math
import re
from typing import Any

import pytest
from click.testing import CliRunner

import core
from bot import terminal
from bot.answers import Answers
from bot.cli import main
from bot.commands.every import COMMANDS
from core.gap.parameters import NEWEST
from core.questions import QUESTIONS
from tests.bot.conftest import Cli, Run

ON_STUDY_DAY = ("--as-of", "2026-05-22", "--known-by", "2026-05-22")

NUMBER = (int, float)
MAYBE = (int, float, type(None))
TEXT = (str,)
MAYBE_TEXT = (str, type(None))
PLACE = {"benchmark": TEXT, "version": TEXT, "access": TEXT, "threshold": NUMBER}
FIGURE = {**{key: MAYBE for key in ("months", "low", "high")}, "interval_kind": TEXT, "at": MAYBE_TEXT}
MOVED = {key: MAYBE for key in ("months", "low", "high")}
CONTRACT = {
    "contract": (int,),
    "question": {name: MAYBE_TEXT for name in ("benchmark", "access", "country", "lab", "as_of", "known_by")},
    "method": TEXT,
    "as_of": TEXT,
    "known_by": TEXT,
    "newest_data": TEXT,
    "stale_days": (int,),
    "text": TEXT,
    "facts": [{"key": TEXT, "value": (str, *MAYBE), "unit": TEXT, "subject": TEXT, "shown": TEXT}],
    "leads": TEXT,
    "access": {
        name: {
            "index": {**FIGURE, "n_families": MAYBE, "newest": MAYBE},
            "catch_up": {**FIGURE, "n_effective": MAYBE},
            "n_points": (int,),
            "n_benchmarks": (int,),
            "window_from": MAYBE_TEXT,
        }
        for name in ("private", "public")
    },
    "benchmarks": [
        {
            **{key: TEXT for key in ("benchmark", "version", "access")},
            "standing": {"months": MAYBE, "reason": MAYBE_TEXT},
            **{key: MAYBE for key in ("months", "smallest", "largest")},
            "n_points": (int,),
            "newest_data": MAYBE_TEXT,
            "open_models": (int,),
            "closed_models": (int,),
        }
    ],
    "trend": [{"access": TEXT, "date": TEXT, **MOVED, "n_effective": MAYBE}],
    **{key: [{"access": TEXT, "date": TEXT, **MOVED}] for key in ("index_trend", "standing_trend")},
    "points": [
        {
            **PLACE,
            **{key: TEXT for key in ("closed_model", "closed_date", "open_model", "open_date")},
            "gap_months": NUMBER,
            "accepted": (bool,),
            "reason": MAYBE_TEXT,
        }
    ],
    "pending": [{**PLACE, "closed_model": TEXT, "closed_date": TEXT, "age_months": NUMBER, "newest_data": TEXT}],
    "open_first": [
        {
            **PLACE,
            **{key: MAYBE_TEXT for key in ("closed_model", "closed_date")},
            **{key: TEXT for key in ("open_model", "open_date")},
            "gap_months": MAYBE,
        }
    ],
    "unmatched": (int,),
    "influences": [
        {
            **{key: TEXT for key in ("kind", "name", "access")},
            "benchmarks": [{"benchmark": TEXT, "version": TEXT}],
            **{key: MAYBE_TEXT for key in ("family", "model", "grade")},
            **{key: MAYBE for key in ("months_without", "moved")},
        }
    ],
    "excluded": [{"model": TEXT, "reason": TEXT}],
    "sources": [{key: TEXT for key in ("source_id", "publisher", "title", "snapshot", "licence", "citation", "url")}],
}
OF_THE_GAP = {
    "access": {name: {"index": {"about": (bool,), "n_live": (int,)}} for name in ("private", "public")},
    "direction": {
        **{key: TEXT for key in ("since", "word")},
        "state": MAYBE_TEXT,
        **MOVED,
        "past_year": {"word": TEXT, **MOVED},
        "access": {name: MOVED for name in ("private", "public")},
        "path": [{"date": TEXT, "months": NUMBER, "state": MAYBE_TEXT}],
    },
    "robust": [
        {
            "access": TEXT,
            **{key: MAYBE for key in ("low", "median", "high")},
            "moves": [{"choice": TEXT, "months": NUMBER}],
            "combinations": [{"choices": [TEXT], "months": MAYBE}],
        }
    ],
}
"""What the method that leads gives besides, with --robust."""


def breaches(value: Any, contract: Any, place: str = "") -> list[str]:
    """List where JSON departs from the contract; further keys are allowed."""
    if isinstance(contract, dict):
        missing = [f"{place}.{key} is missing" for key in contract if key not in value]
        return missing + [
            line for key in contract if key in value for line in breaches(value[key], contract[key], f"{place}.{key}")
        ]
    if isinstance(contract, list):
        return [line for row in value for line in breaches(row, contract[0], f"{place}[]")]
    is_right = type(value) in contract and not (isinstance(value, float) and not math.isfinite(value))
    return [] if is_right else [f"{place} is {value!r}"]


def strictly(text: str) -> Any:
    """Read JSON as its standard has it: without NaN and Infinity."""
    return json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


def answer(run: Run, *words: str) -> Any:
    result = run("gap", "--json", *words)
    assert (result.exit_code, result.stderr) == (0, ""), result.stderr
    return strictly(result.stdout)


def refusal(run: Run, *words: str, code: int = 2, **environment: str) -> str:
    """Return the one sentence in which a command is refused: on stderr, with nothing on stdout."""
    result = run(*words, **environment)
    assert (result.exit_code, result.stdout) == (code, ""), result.output
    sentence = result.stderr.removesuffix("\n")
    assert sentence.isprintable(), f"more than one line, or a control character: {sentence!r}"
    assert sentence.endswith((".", "?"))
    assert len(sentence) < 300
    return sentence


# ---- the text


def test_the_first_line_is_the_answer_and_the_rest_is_what_one_asks_next(run: Run) -> None:
    result = run("gap")
    assert result.exit_code == 0
    text, more = result.stdout.split("\n\n")
    lines = text.splitlines()
    assert " ".join(lines[:2]).startswith("Open models trail closed ones by ")
    assert [line[:12].strip() for line in lines[2:]] == [
        "Private", "Public", "Widening?", "Newest", "Unmatched", "Data",
    ]  # fmt: skip
    assert lines[-1].endswith("64 days old; `gapbrief data refresh` asks for more")
    assert more.startswith("`gapbrief gap --details` shows each test, ")


def test_the_details_are_all_lines_in_groups_and_the_tables(run: Run) -> None:
    look, *groups, table = run("gap", "--details").stdout.split("\n\n")
    assert [group.splitlines()[0] for group in groups] == [
        "More figures", "Over time", "How sure", "Left out", "Data", "What the words mean",
    ]  # fmt: skip
    labels = {line[:14].strip() for part in (look, *groups) for line in part.splitlines()}
    assert {"Unmatched", "Newest", "Rests most on", "As of", "Meaning"} <= labels
    assert table.startswith("By test, in months\nTest ")
    assert len(re.findall(r"  \d{4}-\d\d-\d\d$", table, re.MULTILINE)) == 19  # the study's benchmarks, a row each


@pytest.mark.parametrize("switch", ["accepted", "all"])
def test_points_are_listed_with_the_test_by_its_name(run: Run, switch: str) -> None:
    out = run("gap", "--benchmark", "GPQA Diamond", "--points", switch).stdout
    assert "GPQA Diamond     35  gpt-4-0314" in out
    assert ("Rejected because" in out) == (switch == "all")


# ---- the JSON contract


@pytest.mark.parametrize("method", ["index", "clustered", "study"])
@pytest.mark.parametrize("day", [(), ON_STUDY_DAY])
def test_json_keeps_the_contract(run: Run, method: str, day: tuple[str, ...]) -> None:
    content = answer(run, "--method", method, *day)
    assert breaches(content, CONTRACT) == []
    assert (content["contract"], content["method"]) == (2, NEWEST[method])
    if day:
        assert (content["as_of"], content["known_by"], content["newest_data"]) == ("2026-05-22",) * 3
        assert content["stale_days"] == 193  # on 1 December 2026


@pytest.mark.slow
def test_the_method_that_leads_gives_a_direction_and_its_choices_too(run: Run) -> None:
    content = answer(run, "--robust")
    assert breaches(content, CONTRACT | OF_THE_GAP) == []
    assert content["index_trend"][-1]["months"] == content["access"]["public"]["index"]["months"]
    assert content["standing_trend"] == []


def test_one_test_has_its_standing_gap_week_by_week(run: Run) -> None:
    content = answer(run, "--benchmark", "weirdml")
    assert (content["leads"], content["direction"], content["index_trend"]) == ("standing", None, [])
    assert content["standing_trend"][-1]["months"] == content["benchmarks"][0]["standing"]["months"]


@pytest.mark.parametrize(
    "words",
    [
        "--benchmark metr", "--benchmark gsm8k --method study", "--access private", "--lab openai", "--country France",
        "--as-of 2023-07-01", "--as-of 2024-01-01 --method study",
    ],
)  # fmt: skip
def test_odd_questions_have_whole_json_too(run: Run, words: str) -> None:
    content = answer(run, *words.split())
    loose = {key: value for key, value in CONTRACT.items() if key != "access"}
    assert breaches(content, loose) == []


def test_an_interval_that_cant_be_given_is_null_with_the_reason(run: Run) -> None:
    of_one = answer(run, "--benchmark", "gpqa")["access"]["public"]["catch_up"]
    assert (of_one["low"], of_one["high"], of_one["interval_kind"]) == (None, None, "none: one benchmark only")
    assert of_one["months"] > 0
    nothing = answer(run, "--as-of", "2023-07-01")["access"]["private"]
    for measure in ("index", "catch_up"):
        assert (nothing[measure]["months"], nothing[measure]["low"], nothing[measure]["at"]) == (None, None, None)
        assert nothing[measure]["interval_kind"].startswith("none: ")


def test_points_are_the_accepted_ones_unless_all_are_asked_for(run: Run) -> None:
    accepted = answer(run)["points"]
    everything = answer(run, "--points", "all")["points"]
    rejected = [point for point in everything if not point["accepted"]]
    assert accepted == [point for point in everything if point["accepted"]]
    assert rejected
    assert all(point["reason"] for point in rejected)
    assert not any(point["reason"] for point in accepted)
    per_class = answer(run)["access"]
    assert len(accepted) == sum(access["n_points"] for access in per_class.values())


@pytest.mark.parametrize("words", [("--format", "json"), ("--format=json",)])
def test_json_is_a_format_too_for_errors_as_well(run: Run, words: tuple[str, ...]) -> None:
    assert json.loads(run("gap", *words).stdout) == answer(run)
    assert set(json.loads(run("gap", "gpqaa", *words).stdout)) == {"error", "suggestions"}


# ---- bad input: one sentence, on stderr, with what to do


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("--benchmark gpqaa", 'No test is called "gpqaa". Did you mean GPQA Diamond'),
        ("--country united", 'Several countries are called "united": is it United Arab Emirates, United States of '),
        ("--lab Inception", 'Several labs are called "Inception": is it Inception Labs or Inception (G42)?'),
        ("--known-by 2027-01-01", "The known-by day 2027-01-01 is in the future; give 2026-12-01 or earlier."),
        ("--known-by 2020-01-01", "No score was known by 2020-01-01; the first is known from "),
        ("--as-of 2025-06-31", '"2025-06-31" is no date. Write it as 2026-05-22, or as 22 May 2026.'),
        ("--access secret", 'The access can\'t be "secret"; choose private or public.'),
        ("--method bayes", 'No method is called "bayes"; choose study or clustered or index.'),
        ("--benchmark gpqa --access private", "GPQA Diamond is a public test; leave the access out, or ask for "),
        ("--country Brazil", "No open model from Brazil had reached a score that counts by 28 September 2026"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(run: Run, words: str, sentence: str) -> None:
    assert sentence in refusal(run, "gap", *words.split())


@pytest.mark.parametrize(
    "option", ["--benchmark", "--access", "--domain", "--country", "--lab", "--as-of", "--known-by", "--method"]
)
@pytest.mark.parametrize(
    "hostile",
    [
        "x" * 10_000, "\x1b[31mred\x1b[0m", "\x07\x08\x7f", "line\nbreak\ttab", "\u202eright to left\u200f", "🙃",
        "'; DROP TABLE scores; --", "{slot}", "%s %(x)s {0}", "[bold]markup[/bold]", "\udcff", "", "   ",
    ],
    ids=ascii,
)  # fmt: skip
def test_hostile_words_are_refused_in_a_sentence_that_shows_them_tamed(run: Run, option: str, hostile: str) -> None:
    assert refusal(run, "gap", option, hostile)


def test_hostile_words_do_no_harm(run: Run) -> None:
    before = answer(run)
    refusal(run, "gap", "--benchmark", "x'; DELETE FROM scores; --")
    assert answer(run) == before


@pytest.mark.parametrize(
    ("words", "sentence", "offered"),
    [
        (("gap", "gpqaa"), 'No test is called "gpqaa". Did you mean ', "GPQA Diamond"),
        (("model",), 'The model is missing; give one, such as "Kimi K2".', None),
        (("gap", "--as-of", "2999-01-01"), "The as-of day 2999-01-01 is in the future; ", None),
        (("gap", "--xyzzy"), "No such option '--xyzzy'; see `", None),
        (("ask",), "The question is missing; ", None),
    ],
)
def test_with_json_an_error_is_an_object_too(
    run: Run, words: tuple[str, ...], sentence: str, offered: str | None
) -> None:
    result = run(*words, "--json")
    assert result.exit_code == 2
    content = json.loads(result.stdout)
    assert set(content) == {"error", "suggestions"}
    assert content["error"].startswith(sentence)
    assert content["suggestions"][:1] == ([offered] if offered else [])
    assert content["error"] in result.stderr


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("timeline gpqa -5", "GPQA Diamond is scored in percent: give a level above 0, and up to 100, not -5."),
        ("what-if gpqa -5.5", "A score on GPQA Diamond lies between 0 and 100 %; -5.5 can't be one."),
    ],
)
def test_a_negative_number_is_a_value_and_no_option(run: Run, words: str, sentence: str) -> None:
    assert refusal(run, *words.split()) == sentence


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("gap --xyzzy", "No such option '--xyzzy'; see `gapbrief gap --help`."),
        ("gap --as-off 2026-01-01", "No such option '--as-off'. Did you mean '--as-of'?"),
        ("gap --as-of", "Option '--as-of' requires an argument."),
        ("gap gpqa a b", "Got unexpected extra arguments (a b); put quotes around words that belong together."),
        (
            "best coding",
            "Got unexpected extra argument (coding); see `gapbrief best --help`, or ask with `gapbrief ask`.",
        ),
        ("doctor now", "Got unexpected extra argument (now); see `gapbrief doctor --help`."),
        ("gap --points some", "Invalid value for '--points': 'some' is not one of 'accepted', 'all'."),
        ("gapp", "No such command 'gapp'. Did you mean 'gap'?"),
        ("xyzzy", "No such command 'xyzzy'; see `gapbrief --help`."),
        ("data xyzzy", "No such command 'xyzzy'; see `gapbrief data --help`."),
        ("--xyzzy", "No such option '--xyzzy'; see `gapbrief --help`."),
        ("newsroom undo", "Missing argument 'NUMBER'. Example: gapbrief newsroom undo 17"),
    ],
)
def test_what_a_command_does_not_take_is_one_sentence_with_what_to_do(words: str, sentence: str) -> None:
    result = CliRunner().invoke(main, words.split(), prog_name="gapbrief")
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"{sentence}\n")


def test_a_group_without_a_command_shows_its_help() -> None:
    assert CliRunner().invoke(main, ["data"], prog_name="gapbrief").output.startswith("Usage: gapbrief data ")


# ---- help


def commands() -> list[tuple[str, ...]]:
    paths: list[tuple[str, ...]] = [()]
    questions = {name.replace("_", "-"): None for name in QUESTIONS}
    for name, command in (questions | COMMANDS).items():
        paths.append((name,))
        paths += [(name, inner) for inner in getattr(command, "commands", {})]
    return paths


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_has_help_with_an_example_that_runs_it(words: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, [*words, "--help"], prog_name="gapbrief")
    assert result.exit_code == 0
    assert f"Example: {' '.join(('gapbrief', *words))} " in f"{result.stdout.rstrip()} "
    assert "..." not in result.stdout.replace("[ARGS]...", "").replace("[SOURCE]...", "")  # no sentence is cut off


def section(shown: str, title: str) -> list[str]:
    """Return the names that a section of a help lists."""
    lines = shown.partition(f"{title}:\n")[2].partition("\n\n")[0].splitlines()
    return [line.split()[0] for line in lines if line[:3].strip()]


def test_help_lists_twelve_commands_first_and_the_operators_last() -> None:
    shown = CliRunner().invoke(main, ["--help"], prog_name="gapbrief").stdout
    first, more, last = (section(shown, title) for title in ("Commands", "More", "For operators"))
    assert (len(first), first[:3]) == (12, ["gap", "ask", "best"])
    assert {"eval", "validate", "usage", "state", "mcp", "doctor", "newsroom"} <= set(last)
    assert more == ["chat", "others", "roster", "sources", "terms", "what-if"]
    names = {name.replace("_", "-") for name in QUESTIONS} | set(COMMANDS)
    assert sorted(first + more + last) == sorted(names)


def test_options_that_few_need_stand_apart_and_those_of_pictures_are_none() -> None:
    shown = CliRunner().invoke(main, ["gap", "--help"], prog_name="gapbrief").stdout
    assert section(shown, "More options") == ["--known-by", "--table", "--points", "--no-color"]
    assert not {"--known-by", "--points"} & set(section(shown, "Options"))
    assert "--as-of" in section(shown, "Options")
    for option in ("--shown-since", "--drawn-first"):
        assert option not in shown
        assert f"No such option '{option}'" in CliRunner().invoke(main, ["gap", option, "2026-07-01"]).output


def test_a_text_about_a_picture_names_no_option_that_is_none() -> None:
    words = {"benchmark": "WeirdML", "shown_since": "2026-07-01"}
    assert terminal.write_command("gap", words) == "gapbrief gap --benchmark WeirdML"


def test_ctrl_c_within_the_release_of_a_lock_ends_quietly_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any) -> None:
        raise BaseExceptionGroup("both failed", [KeyboardInterrupt(), OSError()])

    monkeypatch.setattr(Answers, "compute", interrupted)
    result = run("gap")
    assert (result.exit_code, result.output.strip()) == (1, "Aborted!")


def test_version(cli: Cli) -> None:
    assert cli.process("--version") == (0, f"gapbrief {core.__version__}\n", "")
