"""What a text speaks of beside its facts: things that nothing here measures."""

import re
from collections.abc import Iterator

from core.grounding.profiles import Known
from core.grounding.reading import Reading, Span
from core.grounding.violation import Violation

_FOREIGN = re.compile(
    r"\b(?:money|cash|budgets?|funding|fund(?:s|ed|ers?)?|invest(?:s|ed|ing|ors?|ments?)|profit(?:s|able)?"
    r"|revenues?|prices?|costs?|costly|latency|throughput|context windows?"
    r"|pric(?:ed|ing)|cheap(?:er|est|ly)?|expensive|afford(?:s|able|ed)?|salar(?:y|ies)|subsid(?:y|ies)|wealth(?:y"
    r"|ier)?"
    r"|chips?|gpus?|tpus?|hardware|compute|comput(?:ing|er) power|data ?cent(?:er|re)s?|electricity|energy"
    r"|semiconductors?"
    r"|supercomputers?|shortages?|scarcity"
    r"|talents?|talented|staff|engineers|scientists|science|genius|brilliance|brain drain|poach(?:ed|ing)"
    r"|laws?|regulat(?:ion|ions|ors?|ory|ed)|legislation|exports?|embargo(?:es)?|sanction(?:s|ed)|tariffs?|governments?"
    r"|politic(?:s|al|ians)|congress|copyright|patents?|lawsuits?|censorship|espionage|theft|stole|stolen|spies"
    r"|distill?(?:s|ed|ing|ation)|algorithms?|architectures?|pre-?training|post-?training|fine-?tun(?:ed|ing)|rlhf"
    r"|reinforcement learning|synthetic data|datasets?|training runs?|parameters"
    r"|creativity|intelligence|intelligent|common sense|smarter|smart|clever(?:er)?|stupid|dumb(?:er)?"
    r"|secret sauce|magic"
    r"|secrecy|hype|bubble|markets?|customers?|market share|sales|shareholders?|stock|monopol(?:y|ies)|competition"
    r"|culture|ambition|laziness|motivation|work ethic|strateg(?:y|ies)|philosophy|community|volunteers?|safety"
    r"|danger(?:s"
    r"|ous)?|catastroph\w+|democra\w+|superintelligence|agi|consciousness|hallucinat\w+)\b",
)
"""Money, chips, law, talent, methods; in small letters."""
_NOT_ABOUT = re.compile(
    r"(?:\b(?:nothing|not|never|neither|no word)\b|n['’]t\b)[^.;,]{0,30}\b(?:about|of|on)\b[^.;,]*$"
)
"""What a text says that it is not about."""


def topics(reading: Reading, known: Known, quoted: tuple[Span, ...]) -> Iterator[Violation]:
    """Yield words for things that nothing here measures, where no fact has them."""
    for found in _FOREIGN.finditer(reading.low):
        words = found[0].replace("-", " ").split()
        is_told = found[0] in known.words or all(
            word in known.words or word.removesuffix("s") in known.words for word in words
        )
        before = reading.low[reading.sentence_at(found.start()).start : found.start()]
        if not is_told and not _NOT_ABOUT.search(before) and not any(span.holds(found.start()) for span in quoted):
            word = reading.said(found)
            yield Violation("topic", word, f"“{word}” is nothing that these facts speak of; leave it out.")
