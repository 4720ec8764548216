"""The looks of charts, light and dark: colours, and how lines differ without colours."""

from typing import Literal

from core.dataclass import dataclass

Dash = Literal["-"] | tuple[float, tuple[float, ...]]
"""A line style of matplotlib: solid, or (offset, (on, off)) in line widths."""


@dataclass(frozen=True)
class Look:
    """How a role is drawn: its colour, and the line and marker that distinguish it without colours."""

    color: str
    dash: Dash
    marker: str


@dataclass(frozen=True)
class Theme:
    """Colours on a background: `ink` for text and arrows, `muted` for secondary text, `grid` for rules."""

    ground: str
    ink: str
    muted: str
    grid: str
    roles: dict[str, Look]

    def look(self, role: str) -> Look:
        """Return the look of a role; an unknown role is drawn in ink."""
        return self.roles.get(role, Look(self.ink, "-", "o"))


_DASHED: Dash = (0, (3.2, 1.1))


def _make_roles(private: str, public: str, closed: str, open_: str) -> dict[str, Look]:
    return {
        "private": Look(private, "-", "o"),
        "public": Look(public, _DASHED, "D"),
        "closed": Look(closed, "-", "o"),
        "open": Look(open_, _DASHED, "s"),
    }


# The hues are from M. Okabe and K. Ito, "Color Universal Design" (jfly.uni-koeln.de/color, 2008): blue against
# vermillion, purple against bluish green, darkened or lightened until each is legible as text on its ground.
LIGHT = Theme("#FFFFFF", "#1B1F24", "#57606A", "#D8DEE4", _make_roles("#0072B2", "#C25400", "#7B3F98", "#007F5F"))
DARK = Theme("#1A1D21", "#F0F3F6", "#A9B1BA", "#3A4048", _make_roles("#56B4E9", "#E69F00", "#CC9CF0", "#2CC295"))
