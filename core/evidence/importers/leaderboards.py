"""Leaderboards served as one table or one list of models with their scores."""

import re
from dataclasses import replace
from pathlib import Path

from core.errors import TableError
from core.evidence.importers.columns import ModelColumns, ScoreColumns, TableForm
from core.evidence.importers.rows import (
    NOT_OURS,
    TRUE_OR_FALSE,
    FileContent,
    RawModel,
    Row,
    effort_in_brackets,
    is_left_out,
    read_entries,
    read_yaml,
    yaml_day,
    yaml_number,
)
from core.store.tables import Claim

_BRACKETS = re.compile(r" \((?P<text>[^)]*)\)$")

# Aider's polyglot leaderboard

_AIDER = ScoreColumns("aider-polyglot", "1", "pass_rate_2")


def read_aider(path: Path) -> FileContent:
    """Read a YAML list of runs with their days; the score is the share solved in two tries, in percent."""
    runs, node = read_yaml(path)
    if not isinstance(runs, list):
        raise TableError(path, "is not Aider's list of runs")
    content = FileContent()
    for run, place in zip(runs, node.value, strict=True):
        line = place.start_mark.line + 1
        content.rows += 1
        if is_left_out(path, line):
            continue
        if not isinstance(run, dict) or not isinstance(run.get("model"), str):
            raise TableError(path, "is not a run with its model", line)
        spelling = run["model"].strip()
        content.models.append(RawModel(line, spelling, spelling))
        score = yaml_number(path, line, "pass_rate_2", run.get("pass_rate_2"))
        edit_format, run_on = str(run.get("edit_format", "")), yaml_day(path, line, "date", run.get("date"))
        _AIDER.add_value(content, line, spelling, score, edit_format, run_on=run_on)
    return content


# Arena's board of human votes; it is refitted on one scale with each issue


def _arena_claim(licence: str) -> Claim | None:
    """Only read "proprietary": other licences are free text, and a misspelt "proprietary" is not an open licence."""
    return "closed" if licence.casefold() == "proprietary" else None


_ARENA = ModelColumns("model_name", organization="organization", openness="license", claim_of=_arena_claim)
_ARENA_RATING = ScoreColumns("arena-text", "1", "rating")
_FIRST_SEEN = TableForm(ModelColumns("model", released="first_seen", organization="organization"))


def read_arena(path: Path) -> FileContent:
    """Read an issue: the rating over all kinds of prompts; the row number is used as the line."""
    content = FileContent()
    for row in content.count(read_entries(path, ("model_name", "rating"), "is not Arena's list of models")):
        spelling = effort_in_brackets(row.text("model_name"))
        _ARENA.add(content, row, spelling)
        rating, variance = row.number("rating"), row.number("variance")
        error = round(variance**0.5, 3) if variance is not None and variance > 0 else None
        run_on = row.day("leaderboard_publish_date")
        _ARENA_RATING.add_value(content, row.line, spelling, rating, standard_error=error, run_on=run_on)
    return content


def read_arena_first_seen(path: Path) -> FileContent:
    """Read the day by which each model was out; the source is a late bound, so no model gets it as release date."""
    return _FIRST_SEEN.read(_FIRST_SEEN.rows(path), spell=effort_in_brackets)


# Berkeley Function Calling Leaderboard, version 4


def _licence_claim(licence: str) -> Claim | None:
    return ("closed" if licence == "Proprietary" else "open") if licence else None


_BFCL = TableForm(
    ModelColumns("Model", organization="Organization", openness="License", claim_of=_licence_claim),
    ScoreColumns("bfcl", "4", "Overall Acc", sign="%"),
)


def read_bfcl(path: Path) -> FileContent:
    """Read the board, which has no release dates; "(FC)" and "(Prompt)" are settings of one model."""
    content = FileContent()
    for row in content.count(_BFCL.rows(path)):
        name, score = row.text("Model"), _BFCL.scores.read(row)
        spelling, mode = _BRACKETS.sub("", name), _BRACKETS.search(name)
        _BFCL.models.add(content, row, spelling, spelling)
        if score is None:
            content.drop(row.line, name, "no score")
        else:
            _BFCL.scores.add(content, row, spelling, score, mode["text"] if mode else "")
    return content


# BullshitBench, version 2 ("lab/model@reasoning=high"), and its launch dates with links to the evidence

_BULLSHIT_CLAIMS: dict[str, Claim] = {"closed": "closed", "open_source": "open", "open_weights": "open"}
_BULLSHIT = TableForm(
    ModelColumns("model_base", "", "launch_date", "org", "open_model_status", _BULLSHIT_CLAIMS.get),
    ScoreColumns("bullshitbench", "2", "green_rate", scale=1),
    optional=("launch_date",),
    others=("model",),
)
_LAUNCH_DATES = TableForm(ModelColumns("model_id", "", "launch_date", "org"), others=("judge_status",))


def read_bullshit_bench(path: Path) -> FileContent:
    """Read the board or the launch dates; the score is the share of nonsense clearly called out."""
    if path.stem.endswith("launch_dates"):
        return _LAUNCH_DATES.read(
            _LAUNCH_DATES.rows(path),
            why_skipped=lambda row: (
                "" if row.text("judge_status") == "accepted" else "launch date not accepted by its judge"
            ),
        )
    content = FileContent()
    for row in content.count(_BULLSHIT.rows(path)):
        score = _BULLSHIT.scores.read(row)
        _BULLSHIT.models.add(content, row, row.text("model_base"))
        _BULLSHIT.scores.add(content, row, row.text("model"), score)
    return content


# ForecastBench's tournament, with the release dates of models

_FORECASTBENCH = TableForm(
    ModelColumns("Model", released="Model release date", organization="Model Organization"),
    ScoreColumns("forecastbench", "tournament", "Overall"),
    others=("Team",),
)
_PROMPT = re.compile(
    r"(?:-(?:1024|2048|4096|8192|16000))?"
    r"(?:-(?:zero-shot|scratchpad|superforecaster|web-search)(?:-with-(?:news|freeze-values))*(?:-\d)?)?†?$"
)


def read_forecastbench(path: Path) -> FileContent:
    """Read the board's own baselines with one model and one prompt; ensembles of teams are not single models."""
    content = FileContent()
    for row in content.count(_FORECASTBENCH.rows(path)):
        name, score = row.text("Model"), _FORECASTBENCH.scores.read(row)
        if row.text("Team") != "ForecastBench" or row.text("Model Organization") == "ForecastBench":
            content.drop(row.line, name, "a team's system or a baseline, not one model")
        elif score is None:
            content.drop(row.line, name, "no score")
        else:
            spelling = _PROMPT.sub("", name, count=1)
            _FORECASTBENCH.models.add(content, row, spelling)
            _FORECASTBENCH.scores.add(content, row, spelling, score, name[len(spelling) :].strip("-†"))
    return content


# MMLU-Pro: TIGER-Lab's board, as served and in part; and vendors' reports, collected over many benchmarks

_MMLU_PRO = ScoreColumns("mmlu-pro", "1", "score", scale=1)
_MMLU_PRO_PART = TableForm(ModelColumns("name", "name", "release_date"), _MMLU_PRO, others=("self_reported",))
_MMLU_PRO_SERVED = TableForm(
    ModelColumns("Models", "Models"), replace(_MMLU_PRO, score="Overall"), others=("Data Source",)
)
_VENDORS = TableForm(
    ModelColumns("model_id", "name", "release_date", "organization_id"),
    replace(_MMLU_PRO, grade="self-reported"),
    others=("benchmark",),
)


def read_mmlu_pro(path: Path) -> FileContent:
    """Read the board's rows; all scores are shares, and a short row only lacks the last subjects.

    Most rows have no release date; it comes from the index.
    """
    is_served = path.stem == "results"
    form = _MMLU_PRO_SERVED if is_served else _MMLU_PRO_PART
    self_reported = replace(form.scores, grade="self-reported")

    def scores_of(row: Row) -> ScoreColumns:
        if is_served:
            return form.scores if row.text("Data Source").casefold() == "tiger-lab" else self_reported
        return self_reported if row.text("self_reported") == "yes" else form.scores

    return form.read(form.rows(path, may_be_short=is_served), scores_of=scores_of)


def read_llm_leaderboard(path: Path) -> FileContent:
    """Read the rows of MMLU-Pro, and the openness of all models from their licences."""
    content, names = FileContent(), set()
    for row in content.count(_VENDORS.rows(path)):
        spelling, score = row.text("model_id"), _VENDORS.scores.read(row)
        if spelling not in names:
            names.add(spelling)
            _VENDORS.models.add(content, row, spelling)
            licence = row.text("license_id")
            claim = _vendor_claim(licence, is_linked=bool(row.text("weights_link")))
            content.models[-1] = replace(content.models[-1], claim=claim, raw=licence)
        if row.text("benchmark") != "mmlu-pro":
            content.drop(row.line, spelling, NOT_OURS)
        else:
            _VENDORS.scores.add(content, row, spelling, score)
    return content


def _vendor_claim(licence: str, *, is_linked: bool) -> Claim | None:
    """Return the claim of licence and link together; a proprietary licence with a weights link is contradictory."""
    if licence == "proprietary":
        return None if is_linked else "closed"
    return "open" if is_linked else None


# WeirdML's own boards, as served by the author: version 2, and version 3, in which an agent works longer

_WEIRDML = TableForm(
    ModelColumns("display_name", released="release_date"),
    ScoreColumns("weirdml", "2", "avg_acc", scale=1, standard_error="avg_acc_standard_error"),
    optional=("release_date", "avg_acc_standard_error"),
)
_WEIRDML_3 = TableForm(
    ModelColumns(
        "name", released="release_date", openness="open_weights", claim_of=TRUE_OR_FALSE.get, is_labelled=True
    ),
    ScoreColumns("weirdml-v3", "3", "score", scale=1, setting="agent"),
)
_AGENT = re.compile(r", [^,)]+\)$")


def read_weirdml(path: Path) -> FileContent:
    """Read the board; the display name has the effort in brackets, "gpt-5.5 (xhigh)".

    Columns vary: the first snapshots had neither standard errors nor release dates.
    """
    content = FileContent()
    for row in content.count(_WEIRDML.rows(path)):
        name, score = row.text("display_name"), _WEIRDML.scores.read(row)
        _WEIRDML.models.add(content, row, name, _BRACKETS.sub("", name))
        _WEIRDML.scores.add(content, row, name, score)
    return content


def read_weirdml_3(path: Path) -> FileContent:
    """Read version 3, one entry per model; the name has effort and agent, "Kimi K3 (high, Kimi Code)"."""
    content = FileContent()
    entries = read_entries(path, ("id", "name", "score"), "is not WeirdML's list of models", key="models")
    for row in content.count(entries):
        spelling = _AGENT.sub(")", row.text("name"))
        if row.text("synthetic") == "True":
            content.drop(row.line, spelling, "made by the author to try the board: no model's score")
            continue
        _WEIRDML_3.models.add(content, row, spelling, _BRACKETS.sub("", spelling))
        _WEIRDML_3.scores.add(content, row, spelling, _WEIRDML_3.scores.read(row))
    return content
