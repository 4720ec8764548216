"""Text and facts: templates with slots, and what a text says that no fact has."""

from core.text.slots import render, render_known, slots

__all__ = ["render", "render_known", "slots"]
