"""Render text from facts (templates with slots), and find what a text states that no fact has."""

from core.text.slots import known_parts, render, render_known, slots

__all__ = ["known_parts", "render", "render_known", "slots"]
