"""Replaces what points back in a text by what it names: "the winner", "the second one", "the other", "kimi"."""

import re
from dataclasses import replace

from bot.assistant import english, patterns
from bot.assistant.reading import Context, field_texts
from core.names.name_index import NameIndex, mentions
from core.questions import Question
from core.words import quote

_REPLACED = "|".join(f"(?<={verb} the {place})" for verb in ("replace", "swap") for place in ("first", "second"))
_PLACE = re.compile(
    r"(?<!who is )(?<!who was )(?<!who's )(?<!whos )(?<!which is )(?<!which was )"
    r"\bthe (winner|winning|better|stronger|first|former|second|latter)\b"
    r"(?: (?:one|model|(kind|sort|lot|side|lab|company|country)|of (?:the two|them|these|those))\b(?! to)"
    r"|(?<=winner|former|latter)|(?=\W*$)"
    rf"|(?= (?:by|with|for)\b)(?:{_REPLACED})|(?<=first|econd|ormer|atter)(?= (?:have|has|cost|costs)\b))",
    re.IGNORECASE,
)
"""A model, test or side of the last answer, by its place or as the winner."""
_MONTHS = tuple(word for words in patterns.read_groups("months.txt").values() for word in words)
_PLACES = {"first": 0, "former": 0, "second": 1, "latter": 1}
_OTHER_KIND = re.compile(r"\bthe other (?:kind|sort|type|tests)\b(?: of tests?)?", re.IGNORECASE)
"""The kind of tests that the last question left out."""
_ONE = re.compile(
    r"(?:(?<=^and )|(?<=^ok and )|(?<=^okay and ))(an? |the )?['\"]?(\w+)['\"]?(?: one)?(?=\W*$)", re.IGNORECASE
)
"""After a question about a term, "and a live one" or "and 'live'?" is another term."""
_OTHER = re.compile(
    r"\bthe other(?: (?:one|model|lab|company|country|side))?\b"
    r"(?! (?:ones|models|labs|kinds?|sort|type|tests?|way|day|open|closed))",
    re.IGNORECASE,
)
"""The side of the last comparison that was not named since."""
_OF_SIZE = re.compile(
    r"\b(\d{1,4}) ?b (?:one|version|variant|model|sibling|brother)\b"
    r"|(?<=the )(\d{1,4}) ?b(?=\W*(?:sorry|please|i mean)?\W*$)",
    re.IGNORECASE,
)
"""After a model with its size in its name, "the 20B one" is its sibling."""
_FORMER = re.compile(
    r"\bthe (?:former\b|(?:first|earlier|previous)\b(?: (?:one|kind|sort|topic|lab|company|model|test|country|field"
    r"|number|figure|question)\b(?! to\b)| of (?:the two|them|those|these)\b|(?=\W*$| again\b)))",
    re.IGNORECASE,
)
"""The first of the last two questions, if they are alike."""
_BY_KIND = re.compile(
    r"\bthe (?:(open|closed|older|newer)(?: (?:one|model)\b| of (?:the two|them|those|these)\b)|(\w+) one\b)"
    r"(?: of (?:the two|them|those|these)\b)?",
    re.IGNORECASE,
)
"""One of the two models that were last spoken of, by its openness, age or country."""
_MAKER = re.compile(
    r"\b(?:its|that|the same) (?:maker|lab|company|developer)\b|\bthe (?:maker|lab|company) behind (?:it|that|this)\b",
    re.IGNORECASE,
)
"""The lab of the model that was last spoken of."""
_VERSION = re.compile(r"(?<![\w.$-])v?(\d{1,2}(?:\.\d)?)(?=\W*$)", re.IGNORECASE)
"""After a model, "the newer one, 5.5" is its family's model of that version."""
_NEWEST = re.compile(r"\b(?:newest|latest|new|current)\W*$", re.IGNORECASE)
"""Before a family's name: its newest model, not the one of the last question."""


def turn_back(cleaned: str, context: Context) -> tuple[str, Context]:
    """Return a text about the former of the last two questions as one about "it", in the context of that question.

    The two are alike if they ask the same, or are about two of a kind: two tests, two labs.
    """
    phrase = _FORMER.search(cleaned)
    has_it = phrase and re.search(r"\b(?:it|this one|that one)\b", cleaned[: phrase.start()], re.IGNORECASE)
    if len(context.questions) < 2 or "left" in field_texts(context.questions[1]) or not phrase or has_it:
        return cleaned, context
    former, latter = context.questions
    shared = field_texts(former).keys() & field_texts(latter).keys()
    is_of_two = any(field_texts(former)[key] != field_texts(latter)[key] for key in shared)
    if former == latter or not (is_of_two or former.name == latter.name) or "left" in field_texts(former):
        return cleaned, context
    turned = replace(context, questions=(latter, former), model=context.model_before, line="", last=None)
    return _FORMER.sub("it", cleaned), turned


def name_place(cleaned: str, context: Context, names: NameIndex) -> tuple[str, str | None]:
    """Replace "the winner" or "the second one" in a text by its name; also return a sentence if there is none.

    "The other kind" after a question about private tests is public tests, and "the other" after a comparison is the
    side that neither the text nor the last question names.
    """
    previous = context.previous
    access = field_texts(previous).get("access") if previous else None
    if access:
        cleaned = _OTHER_KIND.sub("public tests" if access == "private" else "private tests", cleaned)
    cleaned = _name_by_kind(_name_maker(cleaned, context, names), context, names)
    term = field_texts(previous).get("term") if previous and previous.name == "terms" else None
    if term and (one := _ONE.search(cleaned)):
        other_term = f"{one[2]} {term.split()[-1].lower()}"
        if any(name.typed.lower() == other_term.lower() for name in mentions(other_term, names.of_terms, str.isalpha)):
            cleaned = f"{cleaned[: one.start()]}{one[1] or ''}{other_term}"
    if other := _find_other_side(cleaned, context, names):
        cleaned = _OTHER.sub(lambda _: other, cleaned)
    place = _PLACE.search(cleaned)
    if not (previous and place) or previous.name == "timeline":  # its first one is an event
        return cleaned, None
    if cleaned[: place.start()].lower().rstrip(" ,").endswith(_MONTHS):  # "July, the first"
        return cleaned, None
    old, number = field_texts(previous), _PLACES.get(place[1].lower(), 2)
    if (number == 2 or place[2]) and "left" not in old:
        return cleaned, None
    line_names = dict.fromkeys(
        name.value for name in mentions(context.line, names, english.is_known) if name.kind in ("model", "benchmark")
    )
    spoken_of = dict.fromkeys(filter(None, (field_texts(question).get("model") for question in context.questions)))
    models = spoken_of if len(spoken_of) > 1 else line_names
    choices = [old["left"], old["right"], context.winner] if "left" in old else [*models, None, None]
    if name := choices[number]:
        is_replaced = re.search(r"\b(?:replace|swap)\b", cleaned, re.IGNORECASE)
        name = f"{name} tests" if name in ("private", "public") else name
        shown = bare_name(name) if is_replaced else name
        return _PLACE.sub(lambda _: shown, cleaned), None
    doubt = (
        "Neither side is ahead on both kinds of tests" if number == 2 else f"I can't tell which {quote(place[0])} is"
    )
    return cleaned, f"{doubt}; name the one that you mean."


def _name_by_kind(cleaned: str, context: Context, names: NameIndex) -> str:
    """Replace "the open one" or "the older of the two" in a text by the model of the last two that it fits."""
    values = [field_texts(question) for question in context.questions]
    old = values[-1] if values else {}
    both = [old["left"], old["right"]] if "right" in old else [value["model"] for value in values if "model" in value]
    models = [model for name in both if (model := names.mention(name)) and model.kind == "model" and model.value]
    kind = _BY_KIND.search(cleaned)
    if kind is None or len(models) != 2 or models[0].value == models[1].value:
        return cleaned
    word, place = (kind[1] or "").lower(), names.mention(kind[2] or "")
    by_age = sorted(models, key=lambda model: model.since)
    if word in ("older", "newer"):
        fitting = [by_age[word == "newer"]] if by_age[0].since != by_age[1].since else []
    elif word:
        fitting = [model for model in models if model.is_open == (word == "open")]
    else:
        country = place.value if place and place.kind == "country" else None
        fitting = [model for model in models if country and names.countries.get(model.lab) == country]
    return _BY_KIND.sub(lambda _: fitting[0].value or "", cleaned) if len(fitting) == 1 else cleaned


def _name_maker(cleaned: str, context: Context, names: NameIndex) -> str:
    """Replace "its maker" in a text by the lab of the last question, or of its model."""
    values = [field_texts(question) for question in reversed(context.questions)]
    models = [*(old["model"] for old in values if "model" in old), context.model]
    lab = next((old["lab"] for old in values if "lab" in old), None)
    maker = names.mention(models[0]) if models[0] else None
    name = lab or (maker and maker.lab)
    return _MAKER.sub(lambda _: name, cleaned) if name else cleaned


def _find_other_side(cleaned: str, context: Context, names: NameIndex) -> str | None:
    """Return the side of the last comparison that neither a text nor the last question names, None if it has none."""
    values = [field_texts(question) for question in context.questions]
    sides = next(([old["left"], old["right"]] for old in reversed(values) if "left" in old and "right" in old), [])
    if not (sides and _OTHER.search(cleaned)):
        return None
    named = {name for mention in mentions(cleaned, names, english.is_known) for name in (mention.value, mention.lab)}
    named |= {value for key, value in values[-1].items() if key not in ("left", "right")}
    others = [bare_name(side) for side in sides if bare_name(side) not in named]
    return others[0] if len(others) == 1 else None


def name_family(cleaned: str, previous: Question | None, names: NameIndex) -> str:
    """Replace a family's name in a text by its model that the last question names: after "Kimi K3", "kimi" is this one.

    "The 20B one" is that model in another size, "the newer one, 5.5" in another version.

    A family called as its lab may mean the lab.
    """
    mentioned = map(names.mention, field_texts(previous).values()) if previous else ()
    models = {
        re.split(r"[\d -]", name.typed)[0].lower(): name.typed for name in mentioned if name and name.kind == "model"
    }
    if (of_size := _OF_SIZE.search(cleaned)) and models:
        size = f"{of_size[1] or of_size[2]}b"
        siblings = (re.sub(r"\b\d+b\b", size, name, flags=re.IGNORECASE) for name in models.values())
        if sibling := next((name for name in siblings if names.mention(name)), None):
            return cleaned[: of_size.start()] + sibling + cleaned[of_size.end() :]
    takes_number = previous is not None and field_texts(previous).keys() & {"level", "score", "price", "size"}
    named = mentions(cleaned, names, english.is_known) if models else []
    if (version := _VERSION.search(cleaned)) and models and not (named or takes_number):
        siblings = (re.sub(r"\d+(?:\.\d+)?", version[1], name.partition(" (")[0], count=1) for name in models.values())
        if sibling := next((name for name in siblings if names.mention(name)), None):
            return cleaned[: version.start()] + sibling + cleaned[version.end() :]
    for mention in reversed(named):
        typed = mention.typed.lower()
        is_lab = mention.kind == "lab" and (mention.value or "").lower().startswith(typed)
        is_newest = _NEWEST.search(cleaned[: mention.start])
        is_family = re.match("'?s? (?:models|ones|family|lineup)", cleaned[mention.end :])
        if typed in models and not (is_lab or is_newest or is_family):
            cleaned = cleaned[: mention.start] + models[typed] + cleaned[mention.end :]
    return cleaned


def bare_name(side: str) -> str:
    """Remove the openness from a side's name."""
    return side.removeprefix("open ").removeprefix("closed ")
