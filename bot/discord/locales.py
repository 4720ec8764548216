"""What Discord shows of the commands in other languages: one translator, one catalogue (`locales.yml`)."""

from functools import cache
from pathlib import Path

import yaml
from discord import Locale
from discord.app_commands import TranslationContextLocation, TranslationContextTypes, Translator, locale_str

CATALOGUE = Path(__file__).with_name("locales.yml")
LANGUAGES = {
    Locale.german: "de",
    Locale.spain_spanish: "es",
    Locale.latin_american_spanish: "es",
    Locale.french: "fr",
    Locale.italian: "it",
    Locale.brazil_portuguese: "pt-BR",
    Locale.japanese: "ja",
}
"""The catalogue's language for each of Discord's that has one; all others show English."""
SECTIONS = {
    TranslationContextLocation.command_name: "names",
    TranslationContextLocation.group_name: "names",
    TranslationContextLocation.parameter_name: "names",
    TranslationContextLocation.command_description: "descriptions",
    TranslationContextLocation.group_description: "descriptions",
    TranslationContextLocation.parameter_description: "descriptions",
    TranslationContextLocation.choice_name: "choices",
}


@cache
def read_catalogue() -> dict[str, dict[str, dict[str, str]]]:
    """Return the translations by section, English text and language."""
    catalogue: dict[str, dict[str, dict[str, str]]] = yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))
    return catalogue


class CatalogueTranslator(Translator):
    """Translates what Discord shows of a command; what the catalogue lacks stays English."""

    async def translate(self, string: locale_str, locale: Locale, context: TranslationContextTypes) -> str | None:
        """Return the catalogue's translation."""
        language, section = LANGUAGES.get(locale), SECTIONS.get(context.location)
        if language is None or section is None:
            return None
        return read_catalogue()[section].get(string.message, {}).get(language)
