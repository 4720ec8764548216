"""Words of claims that no measured figure bears: of certainty, of what is to come, of all there is, of proof."""

import re

_I = re.IGNORECASE
"""Patterns without it are looked for in a text in small letters, which is much faster."""

# ---- surer than any measured figure

CERTAIN = re.compile(
    r"\b(?:(?:beyond|without|leav\w+ no|past|free of|not in|above) (?:all |any |a |the |every )?(?:shadow of (?:a )?"
    r"|reasonable |serious |possible |real |room for (?:any )?)?(?:doubt|dispute|question|argument)\b"
    r"|there(?:['’]s| is| can be| remains)(?: now| simply| really)? no (?:question|denying|doubt|disputing|arguing"
    r"|mistak\w+|two ways)"
    r"|no (?:doubt|question|two ways) (?:about|that)|(?<=, )no (?:doubt|question)\b|(?<=[.!?] )no (?:doubt|question)\b"
    r"|^no (?:doubt|question)\b|definite(?:ly)?|definitive(?:ly)?|certainly|certainty|undoubted(?:ly)?|doubtless"
    r"|undeniabl[ey]|indisputabl[ey]|undisputed(?:ly)?|unquestionabl[ey]|incontrovertibl[ey]|incontestabl[ey]"
    r"|irrefutabl[ey]|inevitabl[ey]|unmistakabl[ey]|unarguabl[ey]|assuredly|surely|conclusive(?:ly)?|infallibl[ey]"
    r"|for (?:sure|certain|a fact)|guarantee[sd]?|rest assured|case closed|the verdict is in|once and for all"
    r"|as sure as|(?:few|nobody|no one|hardly any(?:one|body)) (?:would |can |could )?doubts?|full stop"
    r"|end of story|no ifs|and that['’]s that|without fail|nowhere else|has spoken"
    r"|whatever (?:any ?(?:one|body)|people|critics|they|some|others) (?:says?|thinks?|claims?)|(?:for all|plain"
    r"|clear|easy) to see"
    r"|clear as day|needless to say|goes without saying|obvious(?:ly)?|self-evident|evidently|in no case"
    r"|never fails?|take it for granted|set in stone|(?:hard|proven|established|settled|plain|known) fact|proven\b"
    r"|prove[sd]?\b(?! (?:to be|hard\w*|slow\w*|difficult|eas\w+|quick\w*|the \w+est|elusive|stubborn|useful|too)\b)"
    r"|(?:is|are|as|be|offers?|final|clear|living|give) proof\b|settles (?:it|the|this|that)\b"
    r"|(?:is|are|been|it['’]s|now|seems) (?:now |all but |quite |absolutely |totally "
    r"|completely )?(?P<word>certain|settled"
    r"|assured|a given|a certainty|a fact|established)\b"
    r"|(?:we|you|one|anyone|everyone) (?:can be|may be|are|is) (?:\w+ )?(?:sure|certain)\b"
    r"|(?:100|hundred) ?(?:%|per ?cent) (?:sure|certain)|can(?:not|['’]t) (?:possibly )?be (?:wrong|doubted|denied"
    r"|questioned|otherwise))",
)
"""Words that leave no room for a range; not "certain" before a noun, and not what "proved hard"."""
UNSURE_BEFORE = re.compile(
    r"(?:\b(?:not|never|nothing|nobody|no ?one|cannot|neither|nor|hardly|whether|if|far from|less than|anything but"
    r"|none|instead of|rather than|without|no)\b|n['’]t\b)[^.;:]{0,45}$",
    _I,
)
UNSURE_AFTER = re.compile(
    r"^[^.;:]{0,40}?(?:\bcan(?:not|['’]t| not)\b|\bunclear\b|\bunknown\b|\buncertain\b|\bnot (?:be )?(?:certain|clear"
    r"|known|enough|told)\b|\b(?:nobody|no one|not anyone) (?:can|knows)\b|n['’]t (?:know|tell|say)\b"
    r"|\btoo (?:few|little|early|wide)\b|\bnot (?:possible|sure)\b)",
    _I,
)

# ---- of all there is, tested or not

EVERYWHERE = re.compile(
    r"\b(?:anywhere(?! (?:from|between|near))|(?:in|around|across) the (?:whole |entire )?world|worldwide"
    r"|on (?:the planet|earth)|in existence|under the sun|whatsoever|ever (?:built|made|trained|written|created)"
    r"|in (?:all )?history|of any kind|at all(?= (?:can|could|is able|exists?))|that exists?)\b",
)
ALL_OR_NONE = re.compile(
    r"\b(?:no|none|not (?:one|a single)|nobody|no ?one|nothing|never|any|every|each|all|nowhere)\b", _I
)
UNTESTED = re.compile(
    r"\b(?:(?:whether|no matter (?:whether|if)|regardless of whether)\b[^.;,]{0,45}?\b(?:tested|tried|measured|data|run"
    r"|listed|evaluated)(?: \w+)? or (?:not|no)\b|whether or not [^.;,]{0,45}?\b(?:tested|tried|measured|data|run"
    r"|listed|evaluated)|(?:tested|tried|measured|listed|evaluated|benchmarked),? or (?:not|un\w+)\b"
    r"|(?:tested|measured) (?:and|as well as) (?:untested|unmeasured)|includ\w+ (?:the |those )?(?:\w+ )?(?:untested"
    r"|(?:not|never|nobody) (?:\w+ )?tested))",
)
ABILITY = re.compile(
    r"\b(?:(?:no|not one|not a single|none of the|not any)(?: \w+)? (?:open|closed)(?:[- ]weights?)? (?:model"
    r"|system|one)s?"
    r"(?: \w+){0,3}? (?:can|could|is able to|are able to|is capable|are capable)"
    r"|(?:open|closed)(?:[- ]weights?)? (?:models?|systems?|ones?)(?: \w+)? (?:(?:is|are|remains?) (?:un(?:able)"
    r"|incapable"
    r"|not (?:able|capable))|(?:can(?:not|['’]t| not)|could(?:n['’]t| not))(?: yet| still)?))"
    r" (?:to |of )?(?:solv|reach|do\b|match|handl|manag|pass|beat|crack|scor|get|clear|hit|achiev|equal|cop|do )"
    r"|\b(?:can(?:not|['’]t| not)|could(?:n['’]t| not)) be (?:reached|matched|solved|beaten|passed|done|cleared"
    r"|equal\w+)"
    r"(?=[^.;]*\bopen\b)",
)
NOBODY = re.compile(
    r"\b(?:nobody|no ?one|no (?:ai |language |single )?(?:model|system|lab|developer)|not (?:one"
    r"|a single) (?:model|lab)"
    r"|none of the (?:models|labs))(?: (?:anywhere|whatsoever|at all))? (?:has|have|had|ever|yet)(?: \w+){0,2}? "
    r"(?:reach|pass|got|gotten|scor|manag|clear|hit|solv|achiev)\w*",
)
"""No model of either side: where closed models have."""
EVERY_MODEL = re.compile(
    r"(?<!of )(?<!than )(?<!by )(?<!for )\b(?:every|each|all(?: of)?(?: the)?|any) (?:single |last )?(?:open|closed)"
    r"(?:[- ]weights?)? (?:models?|labs?|systems?|developers?|ones?) (?:now |still |also )?(?:is|are|trails?|lags?"
    r"|leads?|beats?|outperforms?|follows?|scores?|reach(?:es)?)\b",
)

# ---- what is to come

FORECAST = re.compile(
    r"\b(?:(?:will|won['’]t|shall)(?! be read)|(?:is|are|be) going to|need(?:s)? (?:about |another |some |at least )?"
    r"(?=(?:[\d.]+|\w+) (?:more )?(?:months?|years?|weeks?)\b)|(?:is|are) (?:[\w.]+ ){1,3}away from"
    r"|(?:should|ought to) (?:soon |then |also |now |\w+ly )?(?:fall|reach|match|catch|close|narrow|shrink|widen|follow"
    r"|arrive|pass|beat|overtake|draw|break|clear|hit|happen|drop|be (?:\w+ly |soon )?(?:matched|reached|closed|passed"
    r"|beaten|overtaken|gone|broken|level|there|equal\w*))"
    r"|(?:is|are|seems?|looks?|appears?|stands?|remains?) (?:\w+ly |now |still |well |all )?(?:set|bound|poised"
    r"|expected"
    r"|due|destined|fated|slated|certain|sure|about|tipped|ready|scheduled|on (?:track|course|pace|its way|their way))"
    r" (?:to|for) (?!(?:the|a|an|its|their|this|these)\b)"
    r"|(?:is|are|seems?|looks?) (?:\w+ )?(?:un)?likely to (?!(?:be|lie|hold|have|sit|range)\b)"
    r"|(?:can|could|may|might) be expected|(?:we|you|one|experts|analysts|many|observers"
    r"|readers) (?:\w+ )?expects?(?! no\b)"
    r"|expect(?:ed|s)? (?:to|that|open|closed|it|them|more|soon)\b"
    r"|soon(?: to)? (?:be|fall|follow|match|reach|catch|close|pass|beat)|(?:likely|probably|presumably|perhaps"
    r"|very) soon"
    r"|any day now|before long|sooner or later|(?:a )?(?:matter|question) of (?:time|days|weeks|months)"
    r"|(?:around|round) the corner|on the horizon|imminent\w*|days are numbered|in due course"
    r"|(?:predict(?:s|ed|ing)?|forecasts?|foresee\w*|extrapolat\w+)"
    r"|at (?:this|the current|the present|that|today['’]s) (?:pace|rate|speed)"
    r"|(?:in|within|over|during|for) the (?:coming|months to come|years to come)"
    r"|(?<!the )next (?:year|month|week|quarter|spring|summer|autumn|fall|winter|generation)"
    r"|(?:ends?|falls?|comes?|goes|closes?|arrives?|breaks?|happens?|is (?:over|gone|done|closed|history))(?: later)?"
    r" (?:this|next) (?:winter|spring|summer|autumn|fall|year|month|week)|is history|(?:still"
    r"|yet) needs? to (?:catch|close|reach|match|draw)|one more (?:\w+ ){1,2}like\b"
    r"|by (?:the )?(?:year['’]s end|end of (?:the|this|next) year|new year|turn of the year|christmas)"
    r"|give (?:it|them) (?:another |a few |some )?\w+ (?:more )?(?:months?|years?|weeks?))\b"
    r"|\bif (?:\w+ )?(?:\w+ )?(?:trend|pace|speed|rate|progress|things|development|past)s? (?:goes|go|holds?|continues?"
    r"|keeps?|stays?|lasts?|persists?|is any)\b",
)
NEXT = re.compile(
    r"\b(?:in|within|over|during|for) the next (?:few |couple of |several |\w+ )?(?:days|weeks|months|years?"
    r"|quarters?)\b",
)
PAST = re.compile(r"\b(?:matched|reached|followed|was|were|had|took|came|did|got|closed|narrowed|widened)\b", _I)
CATCH_UP = re.compile(
    r"\b(?:in|within|another|for the next|next) (?:about |the next "
    r"|another )?[\w.]+ (?:more )?months?\b[^.;]*\b(?:catch|close|reach|match|overtake)\b"
    r"|\b(?:catch(?:es)? up|close(?:s)? the gap|overtake)\b[^.;]*\b(?:in|within) (?:about |another )?[\w.]+ months?\b",
)
NO_FORECAST = re.compile(
    r"\b(?:not|never|nobody|no ?one|no|nothing|none|whether|would|unknown|unclear|cannot)\b|n['’]t\b", _I
)
FURTHER_TEST = re.compile(r"\b(?:further|another|new|next|additional|one more|extra) (?:\w+ )?(?:test|benchmark)\b", _I)

# ---- what is said to follow

CONCLUDES = re.compile(
    r"\b(?:(?:which|this|that|these|all of (?:this|which)|the (?:figures?|numbers?|data|results?|lag|gap|difference))"
    r"(?: (?:only|all|just|also|clearly|\w+ly))? (?:proves?|shows?|means?|demonstrates?|confirms?|implies|imply"
    r"|suggests?"
    r"|indicates?|reveals?|establish(?:es)?|tells? us|goes? to show|underlines?|illustrates?|signals?|points? to"
    r"|bears? out|makes? (?:it )?clear)(?: us)?(?: (?:that|how|why))?"
    r"|it follows(?: that)?|(?:is|are|as|was|be|offers?) (?:evidence|testament|an? (?:\w+ )?(?:hint|indication|sign))"
    r"|(?:evidence|testament) (?:that|of|to|for)|goes to show|the (?:lesson|moral|takeaway|upshot) (?:is|here))\b"
    r"|(?<=, )(?:proving|showing|meaning|demonstrating|confirming|suggesting|implying|indicating|underlining"
    r"|signall?ing"
    r"|revealing|illustrating)\b(?: that)?",
)

CONCLUDED = re.compile(
    r"\brange|interval|can(?:not|['’]t) (?:yet )?(?:tell|say|be (?:told|said|known|sure|certain|compared|merged"
    r"|called))"
    r"|unclear|unknown|uncertain|\btell\b|\bfigures?\b|\bread\b|left out|exclud|\bcount|\bknown\b|\bwide\b|doubt"
    r"|caution|careful|no verdict|nobody|no one|not (?:clear|certain|say|mean|known|enough)|unmatched|waiting|missing"
    r"|nothing|averag|\bwe\b|compare|apart|winner|open or closed|in the data|no newer|\bor not\b"
    r"|\b(?:gap|lag|distance|difference|levels?|scores?|match\w*|reach\w*|later|earlier|longer|shorter|half|up\b|catch"
    r"|caught)\b",
    _I,
)
"""What a conclusion may be all the same: what can and can't be told, and of the gap, which is checked elsewhere."""

# ---- what is only supposed

SUPPOSES = re.compile(
    r"\b(?:if|suppos\w+|would|were|imagin\w+|assum\w+|hypothe\w+|what[- ]if|scenario|should|could|might|may"
    r"|such an?|(?:let['’]s |just )?say|pretend\w*|picture|thought experiment|on paper|in theory|counterfactual\w*"
    r"|made[- ]up|fictional|fictitious|invented|not (?:yet )?happened|had)\b|\bwith an?\b",
    _I,
)
HAPPENED = re.compile(
    r"\b(?:scored|reached|fell|hit|got|came|achieved|cleared|passed|matched|managed|released|launched|landed|rose|went"
    r"|jumped"
    r"|climbed|moved|pushed|lifted|brought|increased|grew|took|made|raised|has|have|is now|now (?:is|stands"
    r"|trails?|lags?)"
    r"|since then|ended|was|did|set)\b",
)

# ---- who holds a best score

_WORTH = (
    r"(?:record|best (?:\w+ )?(?:score|result|mark)|top (?:\w+ )?(?:score|spot|place|result|mark)"
    r"|highest (?:\w+ )?(?:score|mark|result)|longest (?:time )?horizon|first place|lead|crown|number one"
    r"|high score|title)"
)
HELD_BY = re.compile(
    rf"\b{_WORTH}\b(?:[^.;]|\.(?=\d))*?\b(?:(?:held|owned|worn|won|set|kept|claimed|taken|shared|scored|reached"
    rf"|achieved)(?: \w+)? by"
    r"|belongs? to|goes to|went to|comes? from|came from|is (?:due|down|credited) to|lies with|is with|sits with"
    r"|rests with|(?:passed|moved|fallen|gone|switched|fell|changed hands|been handed|been passed) to)"
    r" (?:the )?(?:\w+ ){0,3}?$",
    _I,
)
BEATEN_BY = re.compile(
    r"\b(?:topped|beaten|bettered|surpassed|overtaken|passed|outdone"
    r"|exceeded)\b[^.;,]{0,24}? by (?:the )?(?:\w+ ){0,3}?$",
    _I,
)
BEST_OF_ALL = re.compile(
    r"\b(?:nobody|no ?one|nothing|no (?:other )?(?:model|system))\b[^.;]{0,40}?\b(?:better|higher|more|further"
    r"|ahead of)"
    r"(?: [^.;]{0,40}?)??(?: than)? (?:the )?$",
    _I,
)
HOLDS = re.compile(
    r"^,?(?: [^.,;]{0,30},)? (?:now |still |currently |also |alone )?(?:(?:holds?|owns?|has|have|keeps?|claims?"
    r"|takes?|boasts?|set|sets|posts?|took) (?:now |still )?"
    rf"(?:the |its |overall )*(?P<what>(?:\w+ )?{_WORTH})\b|(?:tops?|topped|heads|dominates|rules|leads)(?! by\b)\b"
    r"|ranks first\b|(?:sits?|stands?|is|ranks?|remains) (?:now |still |currently )?(?:at the top|on top|atop"
    r"|in (?:first place|front|the lead)"
    r"|number one|top of|the (?:record holder|leader|number one|front[- ]?runner)))",
    _I,
)
HOLDER_IS = re.compile(
    r"\b(?:record[- ]holder|leader|front[- ]?runner|champion|top (?:model|scorer|performer)|number one"
    r"|title holder)\b(?:[^.;,]|\.(?=\d)){0,30}?"
    r"\b(?:is|was|remains|stays|:)(?: now| still| currently)? (?:the )?(?:\w+ ){0,2}?$",
    _I,
)
SIDE_OF_BEST = re.compile(r"\b(?P<open>open)\b|\b(?P<closed>closed|proprietary)\b", _I)
