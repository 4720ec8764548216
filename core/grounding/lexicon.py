"""The words of ordinary English that the checks go by: what a sentence speaks of, which way it says something went."""

import re
from functools import lru_cache

# ---- what a fact is about, and how a sentence says so

_THEMES: tuple[tuple[str, str, str], ...] = (
    ("half", r"\bhalf\b", r"\bhalf\b|median|typical|middle|\btook\b|\btakes?\b|longer|wait|unmatched|until|needed"),
    (
        "wait",
        r"until open models|\bwait|without an open model|\bage\b|no open model",
        r"wait|unmatched|unreached|not (?:yet )?(?:been )?(?:reached|matched)|no open|still|\byet\b"
        r"|\bold\b|longer|until|later",
    ),
    (
        "without",
        r"\bwithout\b(?! an? )|left out|without any",
        r"without|leav\w+|left out|drop|exclud|remov|\btak(?:e|es|en|ing)\b|minus|except|omit|ignor|aside"
        r"|but for|not counting",
    ),
    (
        "unbeaten",
        r"unbeaten",
        r"unbeaten|\bst(?:oo|an)d|record|\bheld\b|\bhold|unsurpassed|\btop|last(?:ed|s)\b|since|remain|reign|best"
        r"|kept|\bbeat",
    ),
    (
        "age",
        r"days old|\bdata, read\b|\bold$",
        r"\bold\b|\bage\b|stale|dated?\b|ago|out of date|since|passed|behind|\blag|newest|latest|fresh"
        r"|recent",
    ),
    ("mean", r"\bthe mean\b", r"\bmean\b|average|likely|range"),
    ("further", r"further \w+ test", r"further|another|next|extra|additional|new test|one more"),
    (
        "minus",
        r"\bminus\b|left minus right|apart",
        r"differ|apart|longer|shorter|\bthan\b|larger|smaller|wider|narrower|\bmore\b|\bless\b|between"
        r"|versus|higher|lower"
        r"|behind|below|above|ahead|short of|trail|\blead|better|worse|margin|distance|separat|edge|exceed"
        r"|beyond|extra|\bover\b",
    ),
    (
        "truth",
        r"hold the truth|likely ranges|likely.{0,3} stands for",
        r"range|interval|truth|likely|hold|cover|\bcases|simulat|confiden|\bsure\b|certain",
    ),
    ("tested", r"eligible|tested|tried", r"\btest|\btri(?:ed|es)\b|evaluat|cover|\brun\b|\bran\b|measured"),
    ("recent", r"recent results", r"recent|window|\blast\b|\bpast\b|\bover\b|latest"),
    (
        "carry",
        r"\bcarry\b|\bcarries\b",
        r"carr|weigh|account|make up|makes up|contribut|decid|determin|\brest|share|domin|\bc[ao]mes? from|depend|hang",
    ),
    ("equal", r"equal weight", r"equal|weight|effective|worth|independent"),
    ("doubt", r"third party", r"third|part(?:y|ies)|doubt|\bword\b|uncertain|unsure|certain|classif|disput|alone"),
    (
        "excluded",
        r"left out|never released|no release date|not known",
        r"\bleft\b|leav|\bout\b|exclud|omit|drop|ignor|not count|never|unreleased|release|unknown"
        r"|not known|knows|unclear|skip|could|can.?t|set aside|not used|not part|without"
        r"|status|missing|undated|date",
    ),
    ("versions", r"of the name of", r"\bnames?d?\b|version|\bcall"),
    (
        "supposed",
        r"suppos",
        r"\bif\b|would|suppos|\bwere\b|could|imagin|assum|hypothe|\bhad\b|should|\bsuch\b|\bnew\b|\bthen\b"
        r"|scenario|\bcase\b|\bmove|\brise|push|with a",
    ),
    (
        "within",
        r"\bwithin\b",
        r"within|\bin (?:the first|under)|inside|less than|under|\bby then|after|later|up to|half a year"
        r"|\bin \w+ months|\bby\b",
    ),
    (
        "bias",
        r"\bbias|look (?:larger|smaller)",
        r"\bbias|caveat|look|flatter|overstat|understat|distort|effect|larger|smaller",
    ),
    ("widening", r"\bwidening\b", r"widen|wider|grow|larger|bigger|increas"),
    ("narrowing", r"\bnarrowing\b", r"narrow|shrink|clos|smaller|decreas"),
    ("flat", r"\bflat\b", r"\bflat\b|stable|unchanged|constant|steady|neither|no (?:change|trend)|same"),
    ("unsaid", r"do not say|does not say", r"\bsay|\bsaid|silent|\bgive no|no direction|neither|leave"),
    (
        "revised",
        r"late or corrected|by revision|by new models",
        r"late|correct|revis|older|chang|\bnew\b|shorter|longer",
    ),
    (
        "change",
        r"^$",
        r"wide|narrow|chang|\bmov|\bsince\b|than in|\bwent\b|\bfrom\b|gr[eo]w|shift|longer|shorter"
        r"|direction|trend|increas|decreas|shr[iau]nk"
        r"|better|worse|tell|larger|smaller|\brose\b|\bfell\b|added|gain|lost",
    ),
    (
        "joins",
        r"^waits ·|^new · \d|^that came in · \d+ since",
        r"\bjoin|\bnew|\bnow\b|\badd|\bbeg[aiu]n|\bstart|\bwait(?!\w* no)|\bc[ao]mes? (?:in|on)|\bopen(?:ed|ing)\b"
        r"|\bset\b"
        r"|\benter|\bmore\b(?! (?:wait|count))|\bgain|\bappear|\bon (?:the|that) list|\breached?\b|\bbrought",
    ),
    (
        "leaves",
        r"^waits no more|^no longer counted|\bno longer stand",
        r"\bno (?:more|longer)\b|\b(?:came|come|comes|went|struck|crossed|taken|dropped|fell|falls) (?:off|out|away)\b"
        r"|\bleft\b|\bleav|\bdrop|\bmatch|\breach|\bcaught|\bended|\bover\b|\bdone\b|\bremov|\bgone\b|\bfell\b|\bfallen"
        r"|\bfewer\b|\blost\b|\bclear|\bstop|\bceas|\bn['’]t\b|\bnot\b|\bmet\b|\bshed\b|\bless\b|\bwithdr",
    ),
    (
        "study",
        r"^study$",
        r"stud|\brules\b|method|\bknown\b|publish|\bthen\b|original|reproduc|\bsame\b|back in|\bmay\b",
    ),
)
_FACT_THEMES = tuple((name, re.compile(of_fact)) for name, of_fact, _ in _THEMES)
_TEXT_THEMES = {name: re.compile(of_text, re.IGNORECASE) for name, _, of_text in _THEMES}
MOVES = frozenset(("joins", "leaves"))
"""Which way things were counted: what came, and what went."""
CONTRASTS = frozenset(("widening", "narrowing", "flat", "unsaid")) | MOVES
"""Themes of which a part of a sentence speaks of one alone."""


def themes_of(words: str, key: str) -> frozenset[str]:
    """Return what a sentence must speak of to say a fact of these words, in small letters; any of them will do."""
    first = key.split(".")[0]
    return frozenset(name for name, pattern in _FACT_THEMES if pattern.search(words) or pattern.search(first))


@lru_cache(maxsize=4096)
def speaks_of(words: str, themes: frozenset[str]) -> bool:
    """Whether words speak of any of the themes; of none there is nothing to ask."""
    return not themes or any(_TEXT_THEMES[theme].search(words) for theme in themes)


# ---- who is behind whom

BEHIND = (
    r"trail(?:s|ed|ing)?|lag(?:s|ged|ging)?(?: behind)?|behind|follow(?:s|ed|ing)?|later|after|slower"
    r"|chas(?:e|es|ed|ing)"
    r"|need(?:s|ed)?(?= (?:about |some |another )?[\w.]+ (?:more )?months?\b)|match(?:es|ed|ing)?"
    r"|catch(?:es|ing)? up(?: with)?|caught up(?: with)?|equall?ed|below|short of|under|worse than"
    r"|lower than|weaker than|playing catch-up"
)
AHEAD = (
    r"leads?|led|leading|ahead(?: of)?|earlier|before|beat(?:s|en|ing)?|preced(?:e|es|ed|ing)|outpac(?:e|es|ed|ing)"
    r"|overt(?:ake|akes|ook|aken|aking)|surpass(?:es|ed|ing)?|outperform(?:s|ed|ing)?|in front(?: of)?"
    r"|above|better than"
    r"|higher than|stronger than|past|head start|advantage|edge"
)

# ---- which way the gap went: in small letters, as the text is when they are looked for

WIDER = re.compile(
    r"\b(?=\w)(?:"
    r"\bwiden(?:s|ed|ing)?\b|\bwider\b(?! (?:one|of the two|range))|\bgr(?:ow|ows|ew|own|owing)\b|\bfall(?:s|ing"
    r"|en)?(?: \w+)? behind\b|\bfell(?: \w+)? behind\b"
    r"|\blos(?:es?|ing|t) (?:touch|contact|ground)\b|\bexplod\w*|\bballoon\w*|\bsoar\w*|\blost ground\b|\bslip(?:s"
    r"|ped|ping)? (?:\w+ )?(?:back|behind)"
    r"|\bgetting worse\b|\bgets? worse\b|\bworsen\w*\b"
    r"|\bincreas(?:e|es|ed|ing)\b|\bpull(?:s|ed|ing)? (?:further |even |still )*(?:away|ahead)\b"
    r"|\bexpand\w*\b|\bopening up\b"
    r"|\bbigger than (?:it|in|a|at|before|when|during|last|ever)\b"
    r"|\blarger than (?:it|in|a|at|before|when|during|last|ever)\b|\blonger than (?:it|in|at|before"
    r"|when|during|last|ever)\b"
    r"|\bgot(?:ten)? (?:larger|longer|bigger|worse)\b"
    r"|\b(?:gets?|become|becomes|became|becoming|is now|is today) (?:larger|longer|bigger|worse)\b(?! (?:on|for"
    r"|with)\b)|\bdrift(?:s|ed|ing)? apart\b"
    r"|\b(?:gap|lag|lead|distance|deficit|figure|trend)\b[^.;]{0,40}\b(?:rose|risen|climb\w*"
    r"|up(?:ward)?s?\b(?! to)|jumped|surged|stretch\w*|deepen\w*|lengthen\w*)"
    r"|\b(?:extend|stretch|increas|build|grow|widen)\w* (?:their|its|the|that) (?:lead|advantage"
    r"|margin)\b|\bpull(?:s|ed|ing)? clear\b|\bupward\b|\blengthen\w*\b|\bfurther behind than (?:in|it"
    r"|they|ever|a|last)\b|\b(?:widest|largest|biggest|longest) (?:ever|yet|so far|on record)\b"
    r"|\brecord (?:high|gap)\b|\bfurther and further\b|\bever (?:larger|longer|wider|further)\b"
    r"|\bup (?:from|on|since) (?=(?:january|jan\b|early|last|a year|then|when|where|20\d\d))"
    r"|\b(?:closer|nearer|smaller|shorter|narrower|lower|better) (?:(?:back )?(?:in|at|by)|a year"
    r"|last)\b[^.;]{0,30} than"
    r" (?:it |they )?(?:is |are )?(?:today|now|at present|currently)\b"
    r"|\b(?:models?|labs?|ones|they) (?:have |has |had )?(?:\w+ly )?lost (?=[\d¤]|some|about|a |more)"
    r"|\brising\b|\bgoing up\b|\bdeteriorat\w+\b"
    r")"
)
NARROWER = re.compile(
    r"\b(?=\w)(?:"
    r"\bnarrow(?:s|ed|ing)?\b|\bnarrower\b(?! (?:one|of the two|range))|\bshr(?:ink|inks|ank|unk|inking)\b"
    r"|\bclos(?:e|es|ed"
    r"|ing) (?:the |this |that |on |in )"
    r"|\b(?:gap|distance|lag) (?:is |was |has been |keeps )?(?:closing|closed)\b|\bcatching up\b"
    r"(?! (?:with"
    r"|to) [^.;,]*\b(?:took|takes|lasted|needed)\b)"
    r"|\bclosing\b(?! (?:line|date|day|remark|word))"
    r"|\bcatch(?:es)? up fast\b"
    r"|\bgain(?:s|ed|ing)? (?:on|ground)\b|\bshorten(?:s|ed|ing)?\b|\bdecreas(?:e|es|ed|ing)\b"
    r"|\bsmaller than (?:it|in|a|at|before|when|during|last|ever)\b"
    r"|\bshorter than (?:it|in|at|before|when|during|last|ever)\b|\bgot(?:ten)? (?:smaller|shorter"
    r"|better)\b|\bconverg\w+\b|\bmelt\w*\b|\bget(?:s|ting) (?:better|smaller|shorter)\b|\bevaporat\w*"
    r"|\bdiminish\w*\b"
    r"|\b(?:gets?|become|becomes|became|becoming|is now|is today) (?:smaller|shorter)\b(?! (?:on|for|with)\b)"
    r"|\bimprov(?:e|es|ed|ing)\b"
    r"|\b(?:gap|lag|lead|distance|deficit|figure|trend|difference)\b[^.;]{0,40}\b(?:fell|fallen|dropped"
    r"|down(?:ward)?s?\b|eased|come down|halv\w+|vanish\w*|disappear\w*)"
    r"|(?<!points to )(?<!months to )(?<!needs to )(?<!needed to )\b(?:inch|edg|draw|creep|mov|get|gett|com"
    r"|crawl)\w* (?:ever |a little |slowly "
    r"|steadily )?(?:closer|nearer|level)\b|\bdownward\b|\bclos(?:e|es|ed|ing) in\b|\b(?:mak|made|gain"
    r"|mak)\w* up (?:ground|time)\b|\bmaking up\b|\breel\w* in\b|\bcloser than (?:ever|in|it|they|a"
    r"|last)\b"
    r"|\b(?:smallest|shortest|narrowest|lowest) (?:ever|yet|so far|on record)\b|\brecord low\b"
    r"|\bis (?:smaller|shorter) (?:now|today|these days)\b|\bspeed(?:ing|s)? up\b|\baccelerat\w*\b|\bsped up\b"
    r"|\bdown (?:from|on|since) (?=(?:january|jan\b|early|last|a year|then|when|where|20\d\d))"
    r"|\b(?:further|farther|larger|longer|bigger|wider|worse|higher) (?:(?:back )?(?:in|at|by)|a year"
    r"|last)\b[^.;]{0,30}"
    r" than (?:it |they )?(?:is |are )?(?:today|now|at present|currently)\b"
    r"|\b(?:models?|labs?|ones|they) (?:have |has |had )?(?:\w+ly )?gained\b(?! (?:the|a|their) lead)"
    r"|\bfaster\b|\bdeclin(?:e|es|ed|ing)\b|\bgoing down\b|\bcut(?:ting)? the (?:gap|lag|lead)\b|\bhalv(?:ed|ing)\b"
    r")"
)
SAME = re.compile(
    r"\bgap (?:itself )?(?:has |have )?(?:moved|changed|shifted)\b|"
    r"\bback (?:to|at) where it was\b|"
    r"\b(?:gap|lag|distance|lead|figure)\b[^.;]{0,40}\b(?:stay|stays|stayed|remain|remains|remained"
    r"|held|holds|kept|keeps|is|was|been) (?:\w+ )?(?:the same|unchanged|stable"
    r"|flat|constant|steady)\b|\b(?:gap|lag|distance|lead)\b[^.;]{0,20}\b(?:hasn['’]t|has not"
    r"|didn['’]t|did not) (?:changed?|moved?)\b",
)
"""Words that say that the gap did not change: no weaker a claim than that it did."""
HEDGED = re.compile(
    r"\?|n['’]t allow\b|\b(?=\w)(?:"
    r"\bcan(?:no|['’])?t (?:yet )?(?:tell|say|be (?:told|said|known|ruled|certain|sure)|decide|know|show|call)"
    r"|\bcannot\b|\b(?:no ?one|nobody|none)\b"
    r"|\bunclear\b|\bunknown\b|\buncertain\b|\bundecided\b|\bopen question\b|\bnot (?:clear|certain"
    r"|sure|known|possible|enough|settled)\b"
    r"|\bwhether\b|\bno (?:evidence|sign|telling|proof|direction|verdict|certain|change|way to)\b"
    r"|\btempting\b|(?<!few )(?<!no )(?<!beyond )(?<!any )(?<!without )\bdoubt\b|\btoo (?:few|close"
    r"|early|wide)\b"
    r"|\b(?:do|does|did|is|are|was|were|has|have|could|would|should|can|isn|don|doesn)(?: not"
    r"|n['’]t) (?:say|tell|show|know|prove|mean"
    r"|settle|been shown|yet)\b|\beither way\b|\bhard to (?:tell|say)\b|\bimpossible\b|\bno longer\b"
    r"|\binconclusive\b|\bboth directions\b|\brul(?:e|ed) out\b|\bundetermined\b|\bjury is\b"
    r"|\bremains? (?:open|to be seen)\b"
    r"|\bambiguous\b|\banyone's guess\b|\bdistinguish|\bnoise\b|\bnot (?:proven|obvious|established"
    r"|shown|significant)\b|\binsufficient\b|\bmay or may not\b|\boverlap|\bchance\b|\bneed not\b"
    r"|\bwrong to\b|\bmistake to\b|\bmisleading\b"
    r"|\bclaims? that\b|\btalk of\b|\bbeyond what\b"
    r"|\bmight or might not\b|\b(?:hard|difficult) to\b|\bno (?:clear|real|firm|reason)\b"
    r"|\bnothing (?:\w+ ){0,2}(?:suggests|shows|says|points|proves)\b|\bwithout a clear\b"
    r"|\b(?:do|does)(?:n['’]t| not) (?:yet )?(?:allow|support|let|suggest|follow|point)"
    r"|\bneither\b|\bnothing (?:is )?certain\b|\bcompatible with\b|\bincludes? (?:zero|no change)\b"
    r"|\bor (?:wider|narrower|shrunk|grown"
    r"|widened|narrowed|not|unchanged)\b|\bif\b(?! (?:only )?(?:\w+ly|at all|a (?:bit|little|touch|shade))\b)"
    r")"
)
SAID = re.compile(
    r"\b(?:sa(?:y|ys|id)|call(?:s|ed)?|find(?:s)?|found|report(?:s|ed)?|see(?:s)?|according to"
    r"|claim(?:s|ed)?|argu\w+|conclud\w+)\b",
    re.I,
)
"""Somebody else's view, told as one."""

# ---- what a changed sentence may not turn round

NEGATION = re.compile(
    r"\b(?:no(?! (?:more|less|fewer|later|earlier) than\b)|not(?! (?:only|quite|even)\b)|still ha(?:s|ve) to"
    r"|none|never|without|neither|nor|nobody|nothing|nowhere|cannot|hardly|barely|scarcely|rarely"
    r"|seldom|false|untrue|wrong|(?:yet|still) to|fail(?:s|ed)? to|all but|lacks?|lacking)\b|\b\w+n['’]t\b",
    re.IGNORECASE,
)
"""Words that deny what follows them."""
UNDONE = re.compile(
    r"\bun(?=(?:match|reach|beat|equal|surpass|solv|chang|known|releas)\w*)|\bmissing\b|\bimpossible\b|\bwait(?:s"
    r"|ing)?\b"
    r"|\b(?:still|yet|remain\w*) (?:to )?(?:waits?|waiting|stands?|missing|holds?|unanswered)\b",
    re.IGNORECASE,
)
"""Words that deny their whole clause."""
ASSURED = re.compile(
    r"(?<!not )(?<!n't )(?<!n’t )\b(?:surely|certainly|certain|always|exactly|precisely|definitely|undoubtedly"
    r"|undeniably|indisputably"
    r"|unquestionably|inevitabl[ey]|guaranteed?|proven|prove[sd]?|obvious(?:ly)?|clearly|for sure|of course|no doubt"
    r"|(?:without|beyond) (?:a |any )?doubt|no question|invariably|by all means|absolutely|literally"
    r"|everybody|everyone|(?:all|experts) agree)\b",
    re.IGNORECASE,
)
"""Words that are surer than any measured figure."""
HEDGES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "range",
        re.compile(
            r"\b(?:likely|probab\w+|plausibl\w+|presumabl\w+|estimate\w*|range\w*|interval|may|might|could"
            r"|nine (?:times|cases)|perhaps|possibly)\b|\b90 ?%",
            re.IGNORECASE,
        ),
    ),
    (
        "about",
        re.compile(
            r"\b(?:about|around|roughly|approximately|some|nearly|almost|close to|circa|or so|just (?:over|under)"
            r"|a little (?:over|under)|near|more than|less than|over|under)\b|[~≈]",
            re.IGNORECASE,
        ),
    ),
    (
        "can",
        re.compile(
            r"\b(?:may|might|could|can|would|possib\w+|perhaps|able to|suggest\w*|seems?|appears?|likely|probabl\w+|if"
            r"|were)\b",
            re.IGNORECASE,
        ),
    ),
)
"""Words that leave something open, by what they leave open; each stands for the others of its kind."""
HEDGED_FIRST = {
    "range": re.compile(r"\b(?:likely|probably|plausibly|presumably)\b", re.IGNORECASE),
    "about": re.compile(r"\b(?:about|around|roughly|approximately)\b|[~≈]", re.IGNORECASE),
    "can": re.compile(r"\b(?:may|might|could|can|would)\b(?! ?not\b)", re.IGNORECASE),
}
"""Those of them that a changed sentence may not drop."""


def _opposite(one: str, other: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile(rf"\b(?:{one})\b", re.IGNORECASE), re.compile(rf"\b(?:{other})\b", re.IGNORECASE)


COMPARED = tuple(
    _opposite(one, other)
    for one, other in (
        ("above", "below|beneath"),
        ("before", "after"),
        ("earlier|sooner", "later"),
        ("larger|bigger|greater", "smaller"),
        ("wider", "narrower"),
        ("ahead|leads?|leading|led", "behind|trail(?:s|ed|ing)?|lag(?:s|ged|ging)?"),
        ("longer|more|over", "shorter|fewer|less|under"),
        ("higher", "lower"),
        ("better|stronger", "worse|weaker"),
        ("faster|quicker", "slower"),
        ("newer|younger", "older"),
    )
)
"""Opposites that say the same of two things once these are named the other way round."""
OPPOSED = tuple(
    _opposite(one, other)
    for one, other in (
        ("up(?! to)|upwards?|higher|raises?", "down|downwards?|lowers?"),
        ("open(?! question)", "closed|proprietary"),
        ("private|secret|unpublished", "public|published"),
        ("first", "last"),
        ("newest|latest", "oldest|earliest"),
        ("new", "old"),
        ("widen\\w*", "narrow(?:s|ed|ing)?"),
        (
            "r[io]se(?:s|n)?|rising|gr[eo]w(?:s|n|ing)?|increas\\w+",
            "f[ae]ll(?:s|en|ing)?|shr[aiu]nk\\w*|decreas\\w+|drop\\w*",
        ),
        ("most", "least|fewest"),
        ("many|plenty|most|all|every", "few"),
        ("longer ago|long ago", "(?:more )?recently|lately"),
        ("(?<!of )all|every|each", "some|half"),
        ("best|highest|largest|longest|strongest", "worst|lowest|smallest|shortest|weakest"),
        ("at least", "at most"),
        ("open[- ]weights?", "open[- ]source"),
        ("up to|until|till", "after|since"),
        ("out of date|outdated|stale", "up to date|current|fresh"),
        ("inside|within", "outside|beyond"),
        ("includ\\w+", "exclud\\w+"),
        ("start(?:s|ed|ing)?|beg[aiu]n\\w*", "end(?:s|ed|ing)?|stop\\w*"),
        ("gain\\w*|w[io]n(?:s|ning)?", "los[et]\\w*"),
        ("match\\w*|reach\\w*|beat\\w*|pass(?:es|ed)?", "(?:miss|fail)(?:es|s|ed)?|short of"),
        ("third part(?:y|ies)", "(?:its|their|the) (?:makers?|developers?|labs?|authors?)"),
        ("easier|easy", "harder|hard"),
        ("early", "late"),
        ("complete", "partial|incomplete"),
        ("with", "without"),
    )
)
"""Opposites of which one never says what the other does."""
NONE_BEFORE = (re.compile(r"\bfirst\b", re.IGNORECASE), re.compile(r"\b(?:before|earlier|until)\b", re.IGNORECASE))
"""What is the first, and how a denial says so too: none before it."""
