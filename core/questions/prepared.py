"""What an evidence file is finished with: what answers read, fitted once a revision."""

from pathlib import Path

from core.store.store import open_made


def prepare(path: Path, data: Path) -> None:
    """Fit what the default answers of the newest day rest on, and keep it in a new evidence file."""
    from core.evidence.evidence import load
    from core.gap.analysis import analyse
    from core.gap.parameters import DEFAULT
    from core.questions.question import store_cache
    from core.questions.selection import boards

    with open_made(path, data) as store:
        records = load(store)
        evidence = records.known_by(records.last_known)
        analysis = analyse(evidence, boards(evidence, None), evidence.newest_data.toordinal(), DEFAULT)
        _ = analysis.direction, analysis.influences, analysis.courses  # measured, and cached, when first read
        store_cache(evidence, store)
