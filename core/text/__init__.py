"""Text and facts: templates with slots, and what a text says that no fact has."""

from core.text.slots import known_parts, render, render_known, slots

__all__ = ["known_parts", "render", "render_known", "slots"]
