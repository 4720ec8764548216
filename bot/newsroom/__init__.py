"""A brief in the forms that it is published in: the same words in each."""

from bot.newsroom.formats import FORMS, Around, corrections, render, works

__all__ = ["FORMS", "Around", "corrections", "render", "works"]
