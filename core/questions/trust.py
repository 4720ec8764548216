"""How sure is the answer? What the figures rest on, how often their ranges hold, and which way they may err."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import core
from core.answer import LIKELY_RANGE, Answer, Chart, Fact, Line, Table, details
from core.dataclass import dataclass
from core.gap.parameters import DEFAULT
from core.questions import fields, gap_text, selection
from core.questions.gap import GapQuestion
from core.questions.gap_result import BoardFigures, Gap
from core.questions.gap_text import (
    ASIDE_LINES,
    BASIS_LINE,
    CHANGE_LINE,
    DIRECTION_LINE,
    ENDED_LINE,
    LAST_DAY_LINE,
    VERDICTS,
    measure_name,
)
from core.questions.others import SAYS_LINE, says_facts
from core.questions.question import Question
from core.questions.result import Keys, as_json, build_series, table
from core.questions.sensitivity import NAMES, ROBUST_LINE, STAGE_LINE, name_of, robust_facts, robust_table
from core.questions.shared_facts import (
    STANDING_REASONS,
    as_of_lines,
    change_fact,
    count_fact,
    effect_facts,
    headline_text,
    iso,
    lag_fact,
    make_fact,
    range_facts,
    share_fact,
)
from core.words import and_list, capitalize, count, day, lag_text, likely_lag

if TYPE_CHECKING:
    from core.evidence.evidence import Bias, Evidence, Model, Published
    from core.gap.analysis import Analysis
    from core.gap.coverage import Coverage
    from core.gap.figures import Change
    from core.gap.robust import Robust

PAGE = Path(core.__file__).parents[1] / "docs" / "validation.md"
"""The page that `gapbrief validate` writes; it says in which worlds the headline can be trusted."""
_HEADING = "May the headline be trusted?"
_BIAS = re.compile(r"too (large|small) by (\d+\.\d) months")
_LEAST_MOVE = 0.1
"""A doubt must move a figure by at least this, in months."""
_DOUBTS, _WORLDS = 2, 3
"""How many doubts, and how many simulated worlds, are named."""
LEAST = 85
"""A world is named if less than this percentage of its ranges hold the truth."""
WHERE = {
    "equal testing": "both sides are tested alike",
    "8 boards": "there are 8 tests",
    "16 boards": "there are 16 tests",
    "42/23": "42 % of closed models are tested and 23 % of open ones",
    "42/10": "42 % of closed models are tested and 10 % of open ones",
    "80/40": "80 % of closed models are tested and 40 % of open ones",
    "sister boards": "tests come in threes of a kind",
    "early ends": "half of the tests have ended",
    "heavy noise": "scores are noisy",
    "drift +3 a year": "the gap is growing",
    "drift -3 a year": "the gap is shrinking",
    "open stands still": "open models stand still",
    "open ahead": "open models are ahead",
    "few open models": "few open models come out",
    "small open models": "half of the open models are small",
    "measured rates": "frontier models are tested as the real ones",
    "realistic mix": "most of this comes together",
    "two live boards": "two of seven tests are live",
    "two live boards, small open models": "two of seven tests are live and most open models are small",
    "contamination": "training aims at tests",
    "labs that turn closed": "labs with open models turn closed",
    "pairs of sister boards, 42/23": "tests come in pairs and open models are tested half as often",
    "only good results reported": "only good results are reported",
    "boards that saturate": "half of the tests are saturated",
    "open scores three months late": "open scores come three months late",
}
"""Descriptions of the judge's simulated worlds, to follow the word "where"."""


@dataclass(frozen=True)
class Verdict:
    """How the headline performs in one of the judge's simulated worlds.

    `trust` says whether to rely on it ("yes", "with care" or "no"). `bias` is its error in months, negative if it is
    too small. `held` is the percentage of its 90 % ranges that hold the truth. `bias` and `held` are None if the world
    gives no headline.
    """

    trust: str
    bias: float | None
    held: int | None


@dataclass(frozen=True, eq=False)
class Doubt:
    """A figure with something left out or with another choice; `size` is how many months that moves it."""

    kind: str
    access: str
    months: float | None
    size: float
    how: str
    benchmark: str = ""


@dataclass(frozen=True, eq=False)
class CoveredBoard(BoardFigures):
    """One test, and the share of each side's models that were tested on it."""

    coverage: "Coverage"


@dataclass(frozen=True, eq=False)
class Trust:
    """What the gap rests on: the verdict on each simulated world, coverage, other choices, biases and doubts."""

    json_keys: ClassVar[Keys] = dict.fromkeys(("gap", "doubts", "published", "disputed"))

    gap: Gap
    benchmarks: list[CoveredBoard]
    worlds: dict[str, Verdict]
    coverage: "Coverage"
    private_public_effect: "Change"
    robust: "tuple[Robust, ...]"
    biases: "list[Bias]"
    doubts: list[Doubt]
    published: "tuple[Published, ...]"
    disputed: "list[Model]"


@dataclass(frozen=True)
class TrustQuestion(Question):
    """How sure the gap is: what it rests on, its ranges, and which way it may err."""

    name: ClassVar[str] = "trust"
    behind: ClassVar[str] = "other choices, how often ranges hold, known biases, each test"
    phrasings: ClassVar[tuple[str, ...]] = (
        "How sure are you?",
        "Can I trust the figure for private tests?",
        "What could be wrong with the gap on GPQA?",
    )

    charts: ClassVar[Mapping[str, str]] = {"trust": "the gap beside what it would be without its largest influences"}

    benchmark: str | None = fields.benchmark()
    access: Literal["private", "public"] | None = fields.access_filter()
    as_of: date | None = fields.as_of()
    known_by: date | None = fields.known_by()

    def answer(self, evidence: "Evidence") -> Answer:
        """Say what the gap rests on; raises UsageError if there is no gap to measure."""
        trust = self.find(evidence)
        of_gap = ("access", "direction", "influences", "excluded")
        return selection.build_answer(
            self, evidence, trust.gap.as_of, text(trust), facts(trust),
            tables=tables(trust),
            charts=(chart(trust),),
            data={key: as_json(getattr(trust.gap, key)) for key in of_gap} | as_json(trust),
            boards=trust.gap.analysis.scope.boards.tolist(), parameters=DEFAULT,
        )  # fmt: skip

    def find(self, evidence: "Evidence") -> Trust:
        """Compute what the gap rests on; raises UsageError as `answer` does."""
        import numpy as np

        from core.gap.coverage import coverage, overall
        from core.gap.figures import NO_CHANGE
        from core.gap.index_figure import private_minus_public
        from core.gap.robust import robust

        as_of = self.as_of or evidence.newest_data
        question = GapQuestion(self.benchmark, self.access, as_of=as_of, method=DEFAULT.name)
        gap = question.measure(evidence)
        analysis, choices = gap.analysis, robust(*gap.analysis.scope)
        boards = analysis.scope.boards
        covered = coverage(evidence, boards, as_of.toordinal())
        figures = [of_class.headline.months for of_class in gap.classes.values()]
        has_effect = len(figures) > 1 and None not in figures
        scored = set(evidence.model[np.isin(evidence.board, boards)].tolist())
        return Trust(
            gap=gap,
            benchmarks=[CoveredBoard(**vars(test), coverage=covered[test.board]) for test in gap.benchmarks],
            worlds=read_verdicts(),
            coverage=overall(covered),
            private_public_effect=private_minus_public(evidence, boards, DEFAULT) if has_effect else NO_CHANGE,
            robust=choices,
            biases=[bias for bias in evidence.biases if bias.access in ("", *analysis.classes)],
            doubts=_find_doubts(evidence, analysis, choices),
            published=evidence.published,
            disputed=[model for n, model in enumerate(evidence.models) if model.is_disputed and n in scored],
        )


def _find_doubts(evidence: "Evidence", analysis: "Analysis", robust: "tuple[Robust, ...]") -> list[Doubt]:
    """Return the doubts that would move a figure most, at most one of each kind.

    The kinds are leaving out a family of tests, a model or a grade of evidence, and making another choice.
    """
    largest: dict[str, Doubt] = {}
    for doubt in (*_doubt_parts(analysis), *_doubt_choices(robust), *_doubt_models(evidence, analysis)):
        if doubt.size >= (largest[doubt.kind].size if doubt.kind in largest else _LEAST_MOVE):
            largest[doubt.kind] = doubt
    return sorted(largest.values(), key=lambda doubt: -doubt.size)[:_DOUBTS]


def _doubt_parts(analysis: "Analysis") -> Iterator[Doubt]:
    """Yield each figure with one part left out, for every part."""
    for part in analysis.influences:
        yield Doubt(part.kind, part.access, part.months, part.size, f"without {name_of(part)}")


def _doubt_choices(robust: "tuple[Robust, ...]") -> Iterator[Doubt]:
    """Yield each figure with one other choice, for every choice."""
    for figures in robust:
        whole = figures.combinations[0].months
        for chosen in figures.combinations:
            if len(chosen.choices) == 1 and math.isfinite(chosen.months):
                how = f"with {NAMES[chosen.choices[0]]}"
                yield Doubt("choice", figures.access, chosen.months, abs(chosen.months - whole), how)


def _doubt_models(evidence: "Evidence", analysis: "Analysis") -> Iterator[Doubt]:
    """Yield the standing gap of a single test without one of its two models, for both models."""
    from core.gap.standing import standing_gaps

    for access, gap in analysis.classes.items() if analysis.leads == "standing" else ():
        for stand in gap.standing.gaps:
            for model in (stand.open, stand.closed):
                others = evidence.without([evidence.models.index(model)])
                for rest in standing_gaps(others, gap.boards, stand.at, DEFAULT, at=stand.at).gaps:
                    size, how = abs(rest.months - stand.months), f"without {model.called}"
                    yield Doubt("model", access, rest.months, size, how, stand.board.name)


# ---- what the judge's page says


@cache
def read_verdicts() -> dict[str, Verdict]:
    """Read the verdict on each world from the page; cached. Raises ValueError if the page has no verdicts."""
    return parse_page(PAGE.read_text(encoding="utf-8"))


def parse_page(page: str) -> dict[str, Verdict]:
    """Parse the verdicts, by the world's name. Raises ValueError if the page has no verdicts."""
    table = re.search(rf"^## {re.escape(_HEADING)}\n(?:(?!## |\|).*\n)*((?:\|.*\n)+)", page, re.MULTILINE)
    if table is None:
        raise ValueError(f"{PAGE} has no table under {_HEADING}")
    heads, _, *rows = ([cell.strip() for cell in row.strip("|").split("|")] for row in table[1].splitlines())
    worlds = (dict(zip(heads, row, strict=True)) for row in rows)
    return {
        row["World"]: Verdict(row["Trust it?"], _parse_bias(row["The headline is"]), _parse_share(row["Ranges hold"]))
        for row in worlds
    }


def _parse_bias(words: str) -> float | None:
    if words == "not given":
        return None
    match = _BIAS.fullmatch(words)
    return float(match[2]) * (1 if match[1] == "large" else -1) if match else 0.0


def _parse_share(words: str) -> int | None:
    share = words.removesuffix(" %")
    return int(share) if share.isdecimal() else None


# ---- facts


def facts(trust: Trust) -> Iterator[Fact]:
    """State the figures of the gap itself, then every other figure of the result."""
    yield from gap_text.figure_facts(trust.gap)
    if not trust.gap.single:
        yield from _later_facts(trust.gap.analysis)
    yield from _range_facts(trust.gap)
    yield from _doubt_facts(trust)
    if trust.gap.leads == "index":
        yield from world_facts(trust.worlds)
    yield from robust_facts(trust.robust)
    yield from effect_facts(trust.private_public_effect)
    for side, share in (("open", trust.coverage.open), ("closed", trust.coverage.closed)):
        if share.fraction is not None:
            yield share_fact(f"tested.{side}", share.fraction, f"eligible {side} models", side=side)
    for bias in trust.biases:
        shown = f"{bias.caveat} (makes the gap look {bias.effect})"
        yield Fact(f"bias.{bias.bias_id}", bias.effect, "", bias.caveat, shown)
    for effect in ("larger", "smaller") if trust.biases else ():
        number = sum(bias.effect == effect for bias in trust.biases)
        yield count_fact(f"biases.{effect}", number, "biases", str(number), f"make the gap look {effect}")
    if not trust.gap.single:
        yield from says_facts(trust.published)
    if trust.disputed:
        sides = [f"{model.name} ({model.side} here)" for model in trust.disputed]
        yield count_fact("disputed", len(sides), "models", and_list(sides), "disputed")
        for figures in trust.robust:
            months = next(
                combination.months for combination in figures.combinations if combination.choices == ("disputed",)
            )
            if math.isfinite(months):
                key, shown = f"disputed.{figures.access}", f"{lag_text(months)} on {figures.access} tests"
                yield lag_fact(key, months, shown, "on their other side", access=figures.access)


def _range_facts(result: Gap) -> Iterator[Fact]:
    """State each class's range: the first as "likely 5 to 9 months on private tests", the others short."""
    is_first = True
    for name, gap in result.classes.items():
        low, high = gap.headline.low, gap.headline.high
        if low is not None and high is not None:
            spread = likely_lag(low, high)
            ends, _, way = spread.rpartition(" ")
            spread = f"{ends} months {way}" if way in ("ahead", "behind") else f"{spread} months"
            short = spread.removeprefix("likely ").removesuffix(" months")
            shown = f"{spread} on {name} tests" if is_first else f"{short} on {name}"
            of: dict[str, Any] = {"access": name, "day": iso(gap.headline.at) or ""}
            yield from range_facts(f"sure.{name}", low, high, shown, measure=measure_name(gap, gap.leads), **of)
            is_first = False


def _later_facts(analysis: "Analysis") -> Iterator[Fact]:
    """State the verdict on the direction if it is counted from the month end after the method's fixed day."""
    from core.gap.direction import change_word, compare_changes
    from core.gap.index_figure import calendar_month_ends

    [start] = calendar_month_ends(DEFAULT.since.toordinal() + 31, 1).tolist()
    scope = analysis.scope
    change = compare_changes(scope.evidence, scope.boards, (scope.as_of, start), DEFAULT)
    if change.months is not None:
        shown = f"counted from {day(date.fromordinal(start))} it is {VERDICTS[change_word(change, DEFAULT.level)]}"
        yield change_fact(
            "later", change.months, shown, "the gap, from a later start", low=change.low, high=change.high
        )


def _doubt_facts(trust: Trust) -> Iterator[Fact]:
    """State each doubt: the changed figure compared with its headline."""
    leads = trust.gap.leads
    for doubt in trust.doubts:
        gap = trust.gap.classes[doubt.access]
        now = headline_text(gap.headline).removesuffix(" months")
        shown = "no figure" if doubt.months is None else f"{lag_text(doubt.months)}, not {now},"
        where = "" if leads == "standing" else f" on {doubt.access} tests"
        of: dict[str, Any] = {"access": doubt.access, "day": iso(gap.headline.at) or ""}
        of["measure"] = f"{measure_name(gap, leads)} {doubt.how}"
        fact = lag_fact(f"doubt.{doubt.kind}", doubt.months, f"{shown}{where} {doubt.how}", **of)
        yield replace(fact, benchmark=doubt.benchmark)


def world_facts(worlds: Mapping[str, Verdict]) -> Iterator[Fact]:
    """State the ranges' nominal and actual coverage in simulated worlds, and the gap's largest errors there."""
    shares = sorted((verdict.held, world) for world, verdict in worlds.items() if verdict.held is not None)
    held_shares = [share for share, _ in shares if share >= LEAST]
    less = [(share, world) for share, world in shares if share < LEAST]
    level = DEFAULT.level
    yield make_fact("level", level, "fraction", f"{100 * level:.0f} %", "share", "likely ranges")
    if held_shares:
        shown = (
            f"{held_shares[0]} to {held_shares[-1]} %" if held_shares[0] < held_shares[-1] else f"{held_shares[0]} %"
        )
        yield share_fact("held", held_shares[0] / 100, "ranges that hold the truth", shown)
    if less:
        parts = [f"in {share} % where {WHERE[world]}" for share, world in less[:_WORLDS]]
        more = len(less) - _WORLDS
        parts += [f"in less than {LEAST} % in {count(more, 'other world')}"] if more > 0 else []
        yield share_fact("held.less", less[0][0] / 100, "ranges that hold the truth", and_list(parts))
    wrong = [(verdict.bias, world) for world, verdict in worlds.items() if verdict.bias and verdict.trust != "yes"]
    for n, (bias, world) in enumerate(sorted(wrong, key=lambda pair: -abs(pair[0]))[:_WORLDS]):
        size = f"{abs(bias):.1f}" if n else f"the gap reads {abs(bias):.1f} months"
        shown = f"{size} too {'large' if bias > 0 else 'small'} where {WHERE[world]}"
        yield change_fact(f"worst.{n}", bias, shown, "the gap in simulated worlds")


# ---- text


WORST_LINE = Line("In simulations", "{worst.0}[; {worst.1}][; {worst.2}]", ("sure",))
"""The worlds in which the gap errs most, and in which direction."""


def text(trust: Trust) -> Iterator[Line]:
    """Answer what a sceptic would ask, then say what the figures rest on, with ranges and biases."""
    yield Line("", _title(trust.gap), ("sure",))
    if trust.doubts:
        yield Line("Doubts", "; ".join(f"{{doubt.{doubt.kind}}}" for doubt in trust.doubts), ("sure",))
    yield WORST_LINE
    yield from as_of_lines("{oldest_board}", "{method}")
    yield from details(_detail_lines(trust))


def _title(gap: Gap) -> str:
    """Say in one sentence how sure it is that open models trail, and by how many months."""
    if gap.single and gap.benchmarks[0].standing.months is not None:
        return f"One test alone has no range. {gap_text.title(gap)}"
    figures_of = {name: of_class.headline for name, of_class in gap.classes.items()}
    ranges = {name: (figure.low, figure.high) for name, figure in figures_of.items() if figure.low is not None}
    if not ranges:
        return "Not sure of the gap: too little data for a range"
    figures = ", ".join(f"{{sure.{name}}}" for name in ranges)
    missing = [name for name in gap.classes if name not in ranges]
    figures += f"; no range on {missing[0]} tests" if missing else ""
    if all((high or 0.0) < 0 for _, high in ranges.values()):
        return f"Sure that open models lead: {figures}"
    is_sure = all((low or 0.0) > 0 for low, _ in ranges.values())
    return f"{'Sure' if is_sure else 'Not sure'} that open models trail: {figures}"


def _detail_lines(trust: Trust) -> Iterator[Line]:
    yield from (DIRECTION_LINE, CHANGE_LINE)
    low = 'the study chose {since} because the gap was low then, which favours "widening"'
    yield Line("Counted from a low", f"{low}; {{later}}", ("direction", "sure"))
    yield LAST_DAY_LINE
    slots: dict[str, list[str]] = {name: [] for name in trust.gap.classes}
    for part in trust.gap.analysis.influences:
        slots[part.access].append(f"{{without.{part.access}.{part.kind}}}")
    parts = [f"the gap on {name} tests would be {', '.join(of_class)}" for name, of_class in slots.items() if of_class]
    if parts:
        yield Line("Without", "; ".join(parts), ("sure",))
    yield ROBUST_LINE
    ranges = "likely ranges are meant to hold the truth in {level} of cases; in simulated worlds they do in {held}"
    yield Line("Ranges", f"{ranges}[, but {{held.less}}]", ("explain",), sentence=True)
    if trust.gap.leads == "index":
        late = "where the gap is moving, the average follows half a year late"
        yield Line("Moving gap", late, sentence=True)
    yield Line("Private-public effect", "on one scale of all tests, open models are {effect}")
    who, whose = ("it has", "its") if trust.gap.single else ("tests have", "their")
    tested = f"{who} tried {{tested.open}} of the open models of {whose} time and {{tested.closed}} of the closed ones"
    if (trust.coverage.closed.fraction or 0.0) > (trust.coverage.open.fraction or 0.0):
        tested += ", which makes the gap look larger"
    yield Line("Tested", tested, ("scores",), sentence=True)
    biases = "known ones that make the gap look larger than it is: {biases.larger}; smaller: {biases.smaller}"
    yield Line("Biases", f"{biases}; by how much is mostly not known", ("direction", "why"))
    yield from (SAYS_LINE, BASIS_LINE, STAGE_LINE, ENDED_LINE)
    disputed = "more sources say the other of open and closed for {disputed}[; the gap would be <{disputed.@}| and >]"
    yield Line("Disputed", disputed)
    yield from ASIDE_LINES


# ---- tables


def tables(trust: Trust) -> Iterator[Table]:
    """List the tests with their coverage, how much each choice moves the gap, and the known biases."""
    rows = []
    for test in sorted(trust.benchmarks, key=_order):
        stage = STANDING_REASONS[test.life.stage] if test.reason and test.life.stage != "ended" else test.life.stage
        shares = (test.coverage.open.fraction, test.coverage.closed.fraction)
        tested = (None if share is None else f"{100 * share:.0f}" for share in shares)
        rows.append((test.board, test.board.access, test.standing.months, iso(test.state.newest_day), stage, *tested))
    yield table(
        "By test: its standing gap in months, and how much of each side it has tried",
        "Test | Kind | Standing gap | Newest model | Stage | Open tested % | Closed tested %",
        rows,
    )
    yield robust_table(trust.robust)
    yield table(
        "Known biases: the measured gap is larger or smaller than the true one",
        "Gap looks | Because | On | Remark",
        ((bias.effect, bias.caveat, f"{bias.access or 'all'} tests", bias.remark)
         for bias in sorted(trust.biases, key=lambda bias: bias.effect)),
    )  # fmt: skip


def _order(test: CoveredBoard) -> tuple[Any, ...]:
    months = test.standing.months
    return test.board.access, months is None, -(months or 0.0), test.board.name


def chart(trust: Trust) -> Chart:
    """Draw each class's figure with its range, and what it would be without each influence that moves it most."""
    series = []
    for access, of_class in trust.gap.classes.items():
        now = of_class.headline
        without = [
            (f"Without {name_of(part)}", part.months)
            for part in trust.gap.analysis.influences if part.access == access and not part.grade
        ]  # fmt: skip
        without += [
            (capitalize(doubt.how), doubt.months)
            for doubt in trust.doubts if (doubt.kind, doubt.access) == ("choice", access)
        ]  # fmt: skip
        figures = [("The gap", now.months, now.low, now.high), *((*other, None, None) for other in without)]
        rows = [(*figure, "no figure" if figure[1] is None else "") for figure in figures]
        series.append(build_series(f"{access} tests", access, rows))
    title = "What the gap would be without its largest influences"
    if trust.doubts and (months := trust.doubts[0].months) is not None:
        most = trust.doubts[0]
        now_text = headline_text(trust.gap.classes[most.access].headline).removesuffix(" months")
        title = f"{capitalize(most.how)} the gap would be {lag_text(months)}, not {now_text}"
    return Chart("trust", title, "Months behind", f"bar: {LIKELY_RANGE}", tuple(series), alt=f"Dots. {title}.")
