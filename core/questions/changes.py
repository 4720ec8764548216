"""What changed since a day? How the gap moved, and how much of the move is new models or revised data."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from core.answer import Answer, Fact, Line, Table, details
from core.dataclass import dataclass
from core.errors import UsageError
from core.gap.parameters import DEFAULT
from core.questions import fields, selection
from core.questions.gap_text import VERDICTS, direction_text, newest_facts
from core.questions.question import Question
from core.questions.result import Keys, as_json, table
from core.questions.shared_facts import (
    INDEX,
    as_of_lines,
    best_cells,
    build_index_figure,
    change_fact,
    count_fact,
    day_fact,
    headline_text,
    with_range,
)
from core.store.store import Store
from core.words import and_list, capitalize, count, day, lag_text, level, likely_change, month

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence
    from core.gap.crossings import Crossing, Unmatched
    from core.gap.direction import Word
    from core.gap.moves import Changes, GapMove, Leader, State

_MOST_ROWS = 20
"""A table is cut after this many rows, to stay readable; the JSON has all."""
_NAMED, _NAMED_UNMATCHED = 2, 3
"""How many results, and how many unmatched scores, a line names."""
_STATES = {1: "wider", 0: None, -1: "narrower"}
"""The names of the direction in the JSON."""
_LEAST_REVISED, _SHARE_REVISED = 0.1, 0.2
"""Late or corrected scores are in the first line if they moved a figure by so many months, and by such a share."""


@dataclass(frozen=True, eq=False)
class Verdicts:
    """Whether the gap of all tests grew, as of both days: "wider", "narrower" or None; `word` is the last verdict."""

    since: str | None
    until: str | None
    word: str


@dataclass(frozen=True, eq=False)
class Period:
    """What changed between two days; `newest` are the last day's matches if nothing was recorded since the first day.

    `since` and `until` are the days as asked; `until` is None for the last known day. `word_then` is the direction on
    the first day, read off the last day's scale.
    """

    json_keys: ClassVar[Keys] = {
        "changes": {
            "access": "moves",
            **{name: name for name in ("added", "removed", "revised_in", "revised_out", "leaders")},
            "waits": "newly_unmatched",
            "waits_no_more": "no_longer_unmatched",
            "scores": "scores",
        },
        **dict.fromkeys(("since", "until", "newest")),
    }

    states: "dict[str, State]"
    direction: Verdicts
    word_then: "Word"
    changes: "Changes"
    since: date
    until: date | None
    newest: "list[Crossing] | None"


@dataclass(frozen=True)
class ChangesQuestion(Question):
    """What changed between two days: figures, results, leaders, unmatched scores, new scores."""

    name: ClassVar[str] = "changes"
    behind: ClassVar[str] = "what moved each figure, all new results, leaders and scores"
    phrasings: ClassVar[tuple[str, ...]] = (
        "What changed since March?",
        "What is new since 12 June 2026?",
        "Why did the gap move between May and August 2026?",
    )

    since: date = fields.described(
        "The day to look back to.", "2026-03-01",
        needed=True, by_place=True, called="day to look back to", month="first",
    )  # fmt: skip
    until: date | None = fields.described(
        "The day to look back from; without it, the last known.", "2026-08-22", by_place=True
    )
    known_by: date | None = fields.known_by("See both days with this one day's scores.", "2026-08-22")

    def resolved(self, store: Store, today: date) -> "ChangesQuestion":
        """Return the question with its last day filled in; raises UsageError for an impossible period."""
        fields.not_in_future("since", self.since, today)
        if self.until is not None:
            fields.not_in_future("until", self.until, today)
        _, last = fields.days(store, today, None, self.known_by)
        until = min(self.until or last, last)
        if until <= self.since and until < last:
            raise UsageError(f"The day {self.since} to look back to is not before {until}; give an earlier one.")
        return replace(self, until=self.until or last, known_by=self.known_by and last)

    def answer(self, evidence: "Evidence") -> Answer:
        """Compare the two days; raises UsageError if the first is before all data."""
        period = self.find(evidence)
        last, data = period.changes.last, as_json(period)
        for name, move in period.changes.moves.items():
            figures = {"before": move.before, "after": move.after}
            data["access"][name] |= {
                when: as_json(build_index_figure(figure, DEFAULT)) for when, figure in figures.items()
            }
        return selection.build_answer(
            self, last.evidence, last.as_of, text(self, period), facts(period),
            tables=tables(period), data=data, boards=selection.boards(evidence, None).tolist(), parameters=DEFAULT,
        )  # fmt: skip

    def find(self, evidence: "Evidence") -> Period:
        """Compare the two days; raises UsageError as `answer` does."""
        from core.gap.direction import find_direction
        from core.gap.moves import changes_between

        boards, asked = selection.boards(evidence, None), self.until or evidence.known_by
        until = min(asked, evidence.known_by)
        selection.check_first(evidence, boards, self.since)
        changes = changes_between(
            evidence, boards, min(self.since, until), until, DEFAULT, one_knowledge=self.known_by is not None
        )
        last, path, newest = changes.last, changes.direction.path, None
        if self.since >= until:
            newest = sorted(last.crossings.accepted(last.evidence), key=lambda match: match.board.access)
        return Period(
            states={"since": changes.first, "until": last},
            direction=Verdicts(
                _STATES[path.state_on(changes.first.as_of.toordinal())],
                _STATES[changes.direction.state],
                changes.direction.word,
            ),
            word_then=find_direction(last.evidence, boards, changes.first.as_of.toordinal(), DEFAULT).word,
            changes=changes,
            since=self.since,
            until=None if asked == evidence.known_by else asked,
            newest=newest,
        )


# ---- facts


def facts(period: Period) -> Iterator[Fact]:
    """State everything that the text may say about the period."""
    from core.gap.moves import FIRST_RECORDED

    changes = period.changes
    first, last = changes.first, changes.last
    yield day_fact("since", first.day, "the first day")
    yield day_fact("until", last.day, "the last day")
    yield day_fact("since.as_of", first.as_of, "models released by")
    yield day_fact("since.known_by", first.known_by, "scores known by, on the first day")
    yield day_fact("recorded", FIRST_RECORDED, "the first snapshot")
    yield day_fact("known_by", last.known_by, "scores known by")
    for name, move in changes.moves.items():
        yield from _move_facts(name, move)
    yield from _direction_facts(period)
    yield from _crossing_facts(changes)
    if changes.leaders:
        shown = f"{len(changes.leaders)}: {and_list(list(map(_leader_text, changes.leaders)), _NAMED + 1)}"
        yield count_fact("leaders", len(changes.leaders), "leaders", shown, "changed")
        names = [leader.after.model.name for leader in changes.leaders if leader.after]
        most = f", most often {max(names, key=names.count)}" if names else ""
        in_short = count(len(changes.leaders), "new leader") + most
        yield count_fact("leaders.brief", len(changes.leaders), "leaders", in_short, "changed")
    for key, unmatched in (("waits", changes.newly_unmatched), ("waits_no_more", changes.no_longer_unmatched)):
        if unmatched:
            names = [f"{_threshold_text(threshold)} ({threshold.closed.called})" for threshold in unmatched]
            some = f"{', '.join(names[:_NAMED_UNMATCHED])} and more, in the table"
            shown = f"{count(len(names), 'score')}: {and_list(names) if len(names) <= _NAMED_UNMATCHED else some}"
            yield count_fact(key, len(names), "levels", shown, side="closed")
    yield _scores_fact(changes)
    yield day_fact("asked", period.since, "the day asked for")
    if period.until:
        yield day_fact("asked.until", period.until, "the last day asked for")
    if period.newest is not None:
        yield from newest_facts(period.newest)


def _move_facts(name: str, move: "GapMove") -> Iterator[Fact]:
    """State how a class's figure moved, with its range, and how much new models and revised scores moved it."""
    of: dict[str, Any] = {"subject": f"the gap on {name} tests", "access": name, "measure": INDEX}
    of |= {"low": move.total.low, "high": move.total.high}
    before, after, verb = move.before.months, move.after.months, _verb(move)
    if before is None or after is None or not verb:
        shown = f"can't tell: {with_range(move.before)} then and {with_range(move.after)} now"
        yield change_fact(f"move.{name}", None, shown, **of)
        return
    total, then, now = after - before, headline_text(move.before), headline_text(move.after)
    then = then.removesuffix(" months") if now.endswith(" months") else then
    brief = f"at {now}" if verb == "stayed" else f"from {then} to {now}"
    shown = f"from {with_range(move.before)} to {with_range(move.after)}"
    if total:
        revised = before + (move.revision or 0.0)
        parts = f"new models: {_moved_text(revised, after)}, late or corrected scores: {_moved_text(before, revised)}"
        shown += f": {_moved_text(before, after)}{_spread_text(move)}; {parts}"
    elif with_range(move.before) == with_range(move.after):
        shown = f"{with_range(move.after)} on both days"
    revision, brief = move.revision or 0.0, f"{brief} on {name} tests"
    if abs(revision) >= max(_LEAST_REVISED, _SHARE_REVISED * abs(total)):
        brief += f" ({_moved_text(before, before + revision)} by revision)"
    yield change_fact(f"{verb}.{name}", total, brief, **of)
    yield change_fact(f"move.{name}", total, shown, **of)


def _verb(move: "GapMove") -> str:
    """Return "went" or "stayed" for the figure as shown; empty if a day has no figure."""
    if move.before.months is None or move.after.months is None:
        return ""
    return "stayed" if headline_text(move.before) == headline_text(move.after) else "went"


def _spread_text(move: "GapMove") -> str:
    """Write the range of a move; empty if it has none, because both days share a month end."""
    low, high = move.total.low, move.total.high
    return "" if low is None or high is None else f" ({likely_change(low, high, 'shorter', 'longer')})"


def _moved_text(before: float, after: float) -> str:
    """Write a move as the difference of the rounded figures, so that the shown numbers add up."""
    if math.isclose(before, after, abs_tol=1e-9):
        return "no change"
    apart = f"{abs(round(after, 1) - round(before, 1)):.1f}"
    return f"{'less than 0.1' if apart == '0.0' else apart} {'longer' if after > before else 'shorter'}"


def _direction_facts(period: Period) -> Iterator[Fact]:
    """State whether the gap of all tests together grew, as of both days; both are read off the last day's path."""
    direction, verdicts, who = period.changes.direction, period.direction, "all tests together"
    change, shown = direction.since, direction_text(direction, month(DEFAULT.since))
    yield change_fact("direction", change.months, shown, who, low=change.low, high=change.high)
    word = verdicts.since or period.word_then
    if word in VERDICTS and len(direction.path.day):
        before, then = VERDICTS[word], day(period.changes.first.as_of)
        shown = f"as on {then}" if word == direction.word else f"on {then} it was {before}"
        yield change_fact("direction.before", before, shown, who)


def _crossing_facts(changes: "Changes") -> Iterator[Fact]:
    """State the results that are new, that no longer count, and that late or corrected scores changed."""
    if changes.added:
        number, texts = len(changes.added), list(map(_crossing_text, changes.added[:_NAMED]))
        shown = count(number, "result")
        every = "; ".join([*texts, *([f"and {number - _NAMED} more"] if number > _NAMED else [])])
        yield count_fact("added", number, "results", f"{shown}: {every}", "new", side="open")
        newest = f"{shown}; the newest: {texts[0]}" if number > 1 else every
        yield count_fact("newest_added", number, "results", newest, "new", side="open")
    if changes.removed:
        number = len(changes.removed)
        yield count_fact("removed", number, "results", count(number, "result"), "no longer counted", side="open")
    revised = {"brought": changes.revised_in, "removed": changes.revised_out}
    parts = [
        f"{verb} {count(len(crossings), 'result')} (newest: {_crossing_text(crossings[0])})"
        for verb, crossings in revised.items() if crossings
    ]  # fmt: skip
    if parts:
        shown = f"late or corrected scores {' and '.join(parts)}"
        number = sum(map(len, revised.values()))
        yield count_fact("revised", number, "results", shown, "changed by revision", side="open")


def _crossing_text(crossing: "Crossing") -> str:
    when = f"{day(crossing.open.day)}, {lag_text(crossing.months, 'after')} {crossing.closed.called}"
    return f"{crossing.open.called} reached {_threshold_text(crossing)} on {when}"


def _threshold_text(threshold: "Crossing | Unmatched") -> str:
    """Write a score with its test: "50 % on FrontierMath"."""
    return f"{level(threshold.threshold, threshold.board.unit)} on {threshold.board.name}"


def _leader_text(leader: "Leader") -> str:
    best = leader.after.model.name if leader.after else "none"
    return f"{best} (best {leader.side} model on {leader.board.name})"


def _scores_fact(changes: "Changes") -> Fact:
    scores, then = changes.scores, changes.first.known_by
    parts, since = [f"{scores.of_new} of models released in the period"], ""
    if then < changes.last.known_by:
        since = f" since {day(then)}"
        parts.append(f"{scores.of_older} of older models, late or corrected")
    if scores.of_later:
        parts.append(f"{scores.of_later} of models released after {day(changes.last.as_of)}, which do not count yet")
    shown = f"{scores.n_added:,}{since}: {', '.join(parts)}"
    if scores.replaced:
        shown += f"; {count(scores.replaced, 'earlier score')} replaced"
    return count_fact("scores", scores.n_added, "scores", shown, "that came in")


# ---- text


def text(question: ChangesQuestion, period: Period) -> Iterator[Line]:
    """Say how the figures moved, then what is new; if nothing was recorded in the period, say what came before."""
    from core.gap.moves import FIRST_RECORDED

    if period.newest is not None:
        title = "Nothing was recorded since {asked}: the newest scores are of {until}"
        yield Line("", title, ("direction", "level", "why"))
        match = "the newest match is of {newest.day}: {newest.open}, {newest.count}, {newest.gap}"
        yield Line("Before that", match, ("who", "when"))
        yield from as_of_lines("{method}")
        return
    changes, when = period.changes, _period_text(period)
    if changes.is_any:
        yield Line("", _title(changes, when, is_last_chosen=period.until is not None), ("direction", "level"))
        yield Line("Widening?", "{direction}[; {direction.before}]", ("sure", "direction"))
        yield Line("New results", "{newest_added}" if changes.added else "no catch-up[; {leaders.brief}]", ("who",))
        yield from details(_detail_lines(changes))
    else:
        came = "; scores came in: {scores}" if changes.scores.n_added or changes.scores.replaced else ""
        yield Line("", f"Nothing in the gap changed {when}{came}", ("direction", "level", "why", "scores"))
    if question.known_by is None and changes.first.day < FIRST_RECORDED:
        yield Line("Records", "begin on {recorded}; {since} is as known then")
    yield Line("As of", _as_of_text(changes), ("when",), is_day=True)
    yield Line("Basis", "complete to {newest_data} · {method}", detail=True)


def _period_text(period: Period) -> str:
    """Write which two days are compared; where one is not the day asked for, with that day, as a template."""
    first, last = period.changes.first, period.changes.last
    since, until = "{since}", "{until}"
    days = first.day, last.day
    if first.as_of != last.as_of:
        since, until = "{since.as_of}", "{as_of}"
        days = first.as_of, last.as_of
    asked = " (the newest data known on {%s})"
    since += asked % "asked" if days[0] != period.since else ""
    until += asked % "asked.until" if period.until and days[1] != period.until else ""
    return f"from {since} to {until}"


def _title(changes: "Changes", when: str, *, is_last_chosen: bool) -> str:
    """Say how the figures moved, and by which day the scores were known, as a template."""
    verbs = {name: _verb(move) for name, move in changes.moves.items()}
    parts = []
    for verb in ("went", "stayed"):
        slots = [f"{{{verb}.{name}}}" for name in verbs if verbs[name] == verb]
        if slots:
            parts.append(f"{verb} {' and '.join(slots)}")
    if not parts:
        return f"Can't tell how the gap moved {when}"
    first, last, known = changes.first, changes.last, ""
    is_one_knowledge = first.known_by == last.known_by
    says_itself = when.endswith(")")  # a day that is not the one asked for
    if first.as_of != last.as_of and not says_itself and (is_last_chosen or is_one_knowledge):
        known = f" ({'both ' if is_one_knowledge else ''}as known by {{known_by}})"
    unknown = [name for name in verbs if not verbs[name]]
    rest = f"; can't tell on {and_list(unknown)} tests" if unknown else ""
    return f"{capitalize(when)}{known} the gap {', and '.join(parts)}{rest}"


def _detail_lines(changes: "Changes") -> Iterator[Line]:
    for name in changes.moves:
        yield Line(f"{name.capitalize()} tests", f"{{move.{name}}}", ("why", "sure"))
    yield Line("All new results", "{added}")
    yield Line("Revised", "{revised}", ("why",), sentence=True)
    yield Line("No longer counted", "{removed}, because new scores moved the floor of the test")
    yield Line("New leaders", "{leaders}", ("who",))
    yield Line("Now unmatched", "{waits}")
    yield Line("No longer unmatched", "{waits_no_more}")
    yield Line("New scores", "{scores}", ("scores",))


def _as_of_text(changes: "Changes") -> str:
    """Say which two as-of days are compared and by which day their scores were known, as a template."""
    first, last = changes.first, changes.last
    is_one_knowledge = first.known_by == last.known_by
    if first.as_of == last.as_of:
        return "{as_of} on both days, as known by {since.known_by}" + ("" if is_one_knowledge else " and by {known_by}")
    if is_one_knowledge:
        return "{since.as_of} and {as_of}, both as known by {known_by}"
    then, now = (
        "that day" if state.known_by == state.as_of else f"by {slot}"
        for state, slot in ((first, "{since.known_by}"), (last, "{known_by}"))
    )
    return f"{{since.as_of}} as known {then}, and {{as_of}} as known {now}"


# ---- tables


def tables(period: Period) -> Iterator[Table]:
    """List the new results, the revised results, the new leaders and the changes of unmatched scores."""
    changes, columns = period.changes, "Test | Score | Closed model | On | Open model | On | Months"
    yield _table("New results", columns, [_crossing_row(crossing) for crossing in changes.added])
    yield _table(
        "Results that late or corrected scores changed",
        f"Change | {columns}",
        [("now", *_crossing_row(crossing)) for crossing in changes.revised_in]
        + [("no longer", *_crossing_row(crossing)) for crossing in changes.revised_out],
    )
    yield _table(
        "New leaders",
        "Test | Side | Best model | Score | Before | Score",
        [(leader.board, leader.side, *best_cells(leader.after, leader.board), *best_cells(leader.before, leader.board))
         for leader in changes.leaders],
    )  # fmt: skip
    unmatched = {"now unmatched": changes.newly_unmatched, "no longer": changes.no_longer_unmatched}
    yield _table(
        "Unmatched scores, of one model the highest",
        "Change | Score | First closed model | On",
        [(change, _threshold_text(threshold), threshold.closed, date.fromordinal(threshold.closed.day))
         for change, thresholds in unmatched.items() for threshold in thresholds],
    )  # fmt: skip


def _table(title: str, columns: str, rows: Sequence[tuple[Any, ...]]) -> Table:
    more = f", {_MOST_ROWS} of {len(rows)}" if len(rows) > _MOST_ROWS else ""
    return table(f"{title}{more}", columns, rows[:_MOST_ROWS])


def _crossing_row(crossing: "Crossing") -> tuple[Any, ...]:
    board, closed, open_ = crossing.board, crossing.closed, crossing.open
    closed_on, open_on = date.fromordinal(closed.day), date.fromordinal(open_.day)
    return board, level(crossing.threshold, board.unit), closed, closed_on, open_, open_on, crossing.months
