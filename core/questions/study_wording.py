"""What the reproduced study published, and what its own rules give on another day: one sentence beside every figure."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from core.answer import Fact, Line
from core.gap.parameters import STUDY_1
from core.questions import selection
from core.questions.shared_facts import STUDYS_CATCH_UP, day_fact, iso, lag_fact
from core.words import CLASSES, cell, month

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.evidence.evidence import Evidence, Published


def class_of_study(figure: "Published") -> str | None:
    """Return the class of a figure that was found by the rules which we reproduce, None for any other."""
    if figure.comparable != "same":
        return None
    return next((name for name in CLASSES if figure.figure_id.endswith(name)), None)


def study_facts(evidence: "Evidence", as_of: date, access: str | None = None) -> list[Fact]:
    """State what the study published of each class, and what its rules give as of a day."""
    from core.gap.analysis import analyse

    published = {name: each for each in evidence.published if (name := class_of_study(each)) and access in (None, name)}
    if not published:
        return []
    rules = replace(STUDY_1, interval="benchmarks")  # its range is not told here, and resampling takes longest
    found = analyse(evidence, selection.boards(evidence, None), as_of.toordinal(), rules, whole_band=False).classes
    out = date.fromisoformat(next(iter(published.values())).published)
    facts = [day_fact("rules.of", out, "the study", month(out))]
    last = max(published, key=CLASSES.index)
    for name, figure in published.items():
        subject, of = f"{name} tests, by the study's rules", {"access": name, "measure": STUDYS_CATCH_UP}
        now = found[name].catch_up.figure if name in found else None
        if now is None or now.months is None or figure.months_low is None or figure.months_high is None:
            continue
        low, high = figure.months_low, figure.months_high
        shown, unit = f"{low:g} to {high:g}", " months" if name == last else ""
        facts += [
            lag_fact(f"rules.{name}", now.months, cell(now.months) + unit, subject, day=iso(now.at) or "", **of),
            lag_fact(f"rules.published.{name}", shown, shown, f"{name} tests, in the study", low=low, high=high, **of),
        ]
    return facts


def study_lines(known: "Mapping[str, Fact]") -> list[Line]:
    """Say in one sentence what the study's rules give beside what it published; nothing where there is no figure."""
    classes = [name for name in CLASSES if f"rules.{name}" in known]
    if not classes:
        return []
    now, then = (" and ".join(f"{{{key}.{name}}}" for name in classes) for key in ("rules", "rules.published"))
    text = f"by the {{rules.of}} study's rules {now} ({' and '.join(classes)}); it published {then}"
    return [Line("The study", text)]
