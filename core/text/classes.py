"""The words for classes of tests and of models in a text."""

import re
from collections.abc import Iterable
from itertools import groupby

SIDES = ("open", "closed")
CLASS = re.compile(
    r"\b(?:(?P<private>private)|(?P<public>public)|(?P<open>open)|(?P<closed>closed|proprietary))\b", re.IGNORECASE
)


def runs(names: Iterable[str]) -> list[str]:
    """Return names without those that repeat the one before."""
    return [name for name, _ in groupby(names)]
