"""What `trust` says of the judge's worlds: how often ranges hold the truth, and where the gap reads wrong."""

from collections.abc import Iterable

from core.answer import Fact, Line
from core.gap.parameters import Parameters
from core.questions.judged import read_verdicts
from core.questions.shared_facts import change_fact, share_fact, stated
from core.words import count, listed

LEAST = 85
"""A world in which fewer ranges hold the truth is named, in percent."""
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
"""What the judge's worlds are like, after "where"."""
_NAMED = 3
"""So many worlds are named, the worst first."""
RANGES_LINE = Line(
    "Ranges",
    "likely ranges are meant to hold the truth in {level} of cases; in simulated worlds they do in {held}"
    "[, but {held.less}]",
    ("explain",),
    sentence=True,
)
LATE_LINE = Line("Moving gap", "where the gap is moving, the average follows half a year late", sentence=True)


def range_facts(parameters: Parameters) -> list[Fact]:
    """State what ranges of the gap promise and keep in simulated worlds."""
    shares = {world: verdict.held for world, verdict in read_verdicts().items() if verdict.held is not None}
    kept = sorted(share for share in shares.values() if share >= LEAST)
    facts = [stated("level", parameters.level, "fraction", f"{100 * parameters.level:.0f} %", "share", "likely ranges")]
    if kept:
        shown = f"{kept[0]} to {kept[-1]} %" if kept[0] < kept[-1] else f"{kept[0]} %"
        facts.append(share_fact("held", kept[0] / 100, "ranges that hold the truth", shown))
    less = sorted((share, world) for world, share in shares.items() if share < LEAST)
    if less:
        parts = [f"in {share} % where {WHERE[world]}" for share, world in less[:_NAMED]]
        more = len(less) - _NAMED
        parts += [f"in less than {LEAST} % in {count(more, 'other world')}"] if more > 0 else []
        facts.append(share_fact("held.less", less[0][0] / 100, "ranges that hold the truth", listed(parts)))
    return facts


def worst_facts() -> list[Fact]:
    """State by how much the gap errs in the simulated worlds in which it errs most, the worst first."""
    doubted = [(each.bias, world) for world, each in read_verdicts().items() if each.bias and each.trust != "yes"]
    facts = []
    for n, (bias, world) in enumerate(sorted(doubted, key=lambda pair: -abs(pair[0]))[:_NAMED]):
        size = f"{abs(bias):.1f}" if n else f"the gap reads {abs(bias):.1f} months"
        shown = f"{size} too {'large' if bias > 0 else 'small'} where {WHERE[world]}"
        facts.append(change_fact(f"worst.{n}", bias, shown, "the gap in simulated worlds"))
    return facts


def worst_line(facts: Iterable[Fact]) -> Line:
    """Return the line that says in which worlds the gap errs most, and to which side."""
    worst = [f"{{{fact.key}}}" for fact in facts if fact.key.startswith("worst.")]
    return Line("In simulations", "; ".join(worst), ("sure",))
