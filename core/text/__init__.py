"""Text from facts: templates with slots; and texts against facts: what they say that no fact has."""

from core.text.slots import known_parts, render, render_known, slots

__all__ = ["known_parts", "render", "render_known", "slots"]
