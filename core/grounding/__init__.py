"""Texts say only what facts say: templates with slots, and the check of any text against its facts."""

from core.grounding.altered import altered
from core.grounding.backing import ungrounded
from core.grounding.check import unsupported, violations
from core.grounding.names import all_names
from core.grounding.newnames import unnamed
from core.grounding.slots import GroundingError, render, slots
from core.grounding.violation import Violation

__all__ = [
    "GroundingError",
    "Violation",
    "all_names",
    "altered",
    "render",
    "slots",
    "ungrounded",
    "unnamed",
    "unsupported",
    "violations",
]
