"""Things that people speak of beside the gap, and that no figure here measures: money, chips, law, talent, methods."""

import re

FOREIGN = re.compile(
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
"""In small letters."""
