"""Common tasks, each with its question and example fields, listed by `/help` and `--help`."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Task:
    """A task in a person's words, with the question that does it."""

    wanted: str
    question: str
    words: Mapping[str, str] = field(default_factory=dict)


TASKS = (
    Task("See how far behind open models are", "gap"),
    Task("Pick an open model for your work and your machine", "best", {"domain": "coding", "size": "32"}),
    Task("Compare two labs, countries or models", "compare", {"left": "Qwen", "right": "Kimi"}),
    Task("Look up one model", "model", {"model": "Kimi K3"}),
    Task("See who leads on a test", "frontier", {"benchmark": "WeirdML"}),
    Task("See what changed", "changes", {"since": "March 2026"}),
    Task("See what is unmatched, and how long matching took", "unmatched"),
    Task("Judge how sure the figures are", "trust"),
    Task("Find the sources, and how to cite them", "sources"),
)
