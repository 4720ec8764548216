"""A brief in the forms that it is published in: the same words in each."""

from bot.publish.forms import FORMS, OnTheWeb, render

__all__ = ["FORMS", "OnTheWeb", "render"]
