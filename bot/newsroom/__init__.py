"""Rendering briefs in all their formats, with the same words in each."""

from bot.newsroom.formats import FORMS, Extras, correction_notes, render, unique_sources

__all__ = ["FORMS", "Extras", "correction_notes", "render", "unique_sources"]
