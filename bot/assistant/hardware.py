"""What a model should run on, in a text: "a 24 GB card", "two 3090s"; and sizes in parameters."""

import re

from core.questions.bounds import MEMORY, NEGATION, ONE_SIZE, SIZE_RANGE, add_memory
from core.questions.fields import HARDWARE_SIZES, SIZE_WORDS, read_size

_WORD = f"({'|'.join(SIZE_WORDS)})(g?e?r)?"
_BEFORE_MODELS = re.compile(
    rf"\b{_WORD}(?= (?:(?:vs\.?|versus|and|or|against|with|than) {_WORD} )?(?:open(?:[- ]?(?:weights?|sourced?))? )?"
    r"(?:models?|ones|llms?)\b)",
    re.IGNORECASE,
)
_PARAMETERS = re.compile(
    rf"(?<![\w.-])(?:{NEGATION} (?:(?!and\b|but\b|or\b)\w+ ){{0,3}}?)?(?:{SIZE_RANGE.pattern}|{ONE_SIZE.pattern})"
    r"(?!\w| *(?:tokens|dollars|usd|euros|users|people))",
    re.IGNORECASE,
)
"""A size with the negation before it, which may turn it round or not: "no gap for models over 70B" is none."""
_BARE = re.compile(r"(?<![\w.-])(\d{1,4}) ?b(?= (?:open |local )?(?:models?|llms?)\b)", re.IGNORECASE)
"""A size that is said of models alone, "8B models": up to it."""
_SAID = (
    r"(?:(?:on|in|into|fits?|with|have|got|own|using|for|the|an?|my|our|one|single|used|old|rtx|gtx|rx|geforce|nvidia|radeon"
    r"|amd|auf|mit|f\u00fcr|eine[rm]?|meine[rm]?|sur|avec|pour|une?|con|para|una|su|per|com|uma|minha)\b ?)*"
)
"""What stands before the number of a card; a number without it may be anything."""
_MEMORY = re.compile(rf"\b(?P<said>{_SAID}){MEMORY.pattern}", re.IGNORECASE)


def sizes(text: str) -> list[tuple[str, int, int]]:
    """Find the sizes in a text, in order: each as `read_size` reads it, with the places where it begins and ends.

    "Larger models" beside a number are the others.
    """
    numbers = [(each[0], each.start(), each.end()) for each in _PARAMETERS.finditer(text) if read_size(each[0])]
    numbers += [
        (f"up to {each[1]}B", each.start(), each.end())
        for each in _BARE.finditer(text)
        if not any(start <= each.start() < end for _, start, end in numbers)
    ]
    words = [
        ("others" if each[2] and numbers else each[1].lower(), each.start(), each.end())
        for each in _BEFORE_MODELS.finditer(text)
    ]
    memory = [
        (f"{add_memory(each)} GB", each.start() if each["card"] else each.end("said"), each.end())
        for each in _MEMORY.finditer(text)
        if each["said"] or each["times"] or each["memory"] or not (each["card"] or "").isdigit()
    ]
    return sorted(numbers + words + memory, key=lambda each: each[1])


def is_hardware(size: str) -> bool:
    """Whether a size names what models should run on instead of their parameters."""
    return size in HARDWARE_SIZES or size.endswith(" GB")
