"""Text and facts: templates with slots, and what a text says that no fact has."""

from core.text.slots import render, slots

__all__ = ["render", "slots"]
