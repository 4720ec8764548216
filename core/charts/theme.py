"""The colours of charts, light and dark, from the palette of all faces: an accent is a kind of test, closed is grey."""

from core.dataclass import dataclass
from core.palette import PALETTE


@dataclass(frozen=True)
class Theme:
    """Colours on a background: `ink` for text, `muted` for secondary text, `rule` for rules, and those of roles."""

    ground: str
    ink: str
    muted: str
    rule: str
    roles: dict[str, str]

    def color(self, role: str) -> str:
        """Return the colour of a role; an unknown role is drawn in ink."""
        return self.roles.get(role, self.ink)


def _make_theme(ground: str, ink: str, muted: str, rule: str, raised: str, **roles: str) -> Theme:
    return Theme(ground, ink, muted, rule, roles)


LIGHT, DARK = (_make_theme(**PALETTE[ground]) for ground in ("light", "dark"))
