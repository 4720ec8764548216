"""Words that give a reason, and those of the reasons that the answers' caveats give."""

import re

CAUSE = re.compile(
    r"\b(?:because(?: of)?|due to|thanks to|driven by|owing to|as a (?:result|consequence) of"
    r"|caused by|stem(?:s|med|ming)? from"
    r"|result(?:ed|ing) from|result(?:ed|ing) in|fuel+ed by|powered by|explained by|explains\b"
    r"|an? (?:consequence|result|product|effect|matter|symptom|function|outcome|by-product) of"
    r"|through (?=(?!the (?:end|data)|to\b)[a-z]{4,}\b)|with (?=(?:less|more|better|weaker|stronger"
    r"|bigger|larger|smaller|limited|scarce|cheaper|greater|superior|inferior|little) (?!than|tests"
    r"|results|data|models|scores)[a-z]+)|which is why|that is why|that's why"
    r"|reflect(?:s|ed|ing)? (?!(?:the |only |all |just |what )?(?:\d|data|results|tests|scores"
    r"|models (?:released|up)|was|\w+ results))|attribut\w+ to|on the back of|the reason (?:is|was"
    r"|being|for)|led to"
    r"|leads to|prompted by|helped by"
    r"|owed to|owes? (?:[\w.]+ ){0,8}?to|(?:is|are|lies?|stands?) behind (?=(?:the|this|these"
    r"|that) [\d.]+|(?:the|this) (?:gap|figure))|price (?:\w+ ){0,3}for|(?:is|are|was|were|comes?"
    r"|came) down to (?=(?!about|around"
    r"|roughly|just|only|nearly|almost)[a-z])|on account of|courtesy of|for lack of|for want of|amid"
    r"|in the wake of|boosted by|spurred by"
    r"|following (?=(?:the|an?|its|their|new|recent|US|last|this) )|given (?=(?:the|their|its|that|how"
    r"|such|those|our|all) )|in response to|a sign (?:of|that)|proof that"
    r"|(?:and )?(?:therefore|hence|thus|consequently)|the (?:reason|cause|culprit|explanation)|blame"
    r"|credit for|key to|secret to|helps? explain|for this reason"
    r"|(?<!, )(?<!is )(?<!are )by (?=(?!leav|tak|drop|count|compar|measur|us|look|exclud|remov|ignor"
    r"|averag|read|weigh|pool|combin|merg|add|ask|match|reach"
    r"|being|br)[a-z]{3,}ing\b)|brought (?:on|about) by|hampered by|held back by|so that"
    r"|since (?=(?:the |these |those |their |it |they |open |closed |only |no |public "
    r"|private |this |that |there |one |both |its |each |all |most |some "
    r"|few )(?:[\w'’-]+ ){0,6}?(?:is|are|was|were|has|have|had|can|could|may|do|does"
    r"|did|will|would|keep|keeps|lack|lacks|rest|rests|share|shares|use|uses|stopped|demands?|requires?|needs?"
    r"|wants?|favou?rs?|rewards?|gets?|makes?"
    r"|takes?|asks?|sees?|tends?|knows?|learns?|runs?|publish(?:es)?|relies|rely|depends?|matters?|prefers?|measures?"
    r"|contains?|includes?|spends?|spent|got|cut|put|[a-z]+ed)\b)"
    r"|as (?!(?:the|this|these) (?:study|chart|table|figures?|data|answer|brief|report"
    r"|picture)\b)(?!(?:it|they) (?:did|do|does|stood|had|have|has)\b)(?!(?:it|they) (?:was|were|is"
    r"|are) (?:\w+ly )?(?:tested|known|shown|measured|read|seen|told|then|now))(?=(?:the |these "
    r"|those |their |it |they |open |closed |only |no |public |private |this |there |one |both |its "
    r"|labs |models |developers )"
    r"(?:[\w'’-]+ ){0,5}?(?:is|are|was|were|has|have|had|can|could|may|do|does|did|lack|lacks|keep"
    r"|keeps|stopped|poured|pour|spend|spent|ran|run)\b)"
    r"|(?<=, )as (?=(?!it\b|of\b|an?\b|this\b|that\b|we\b|such\b|far\b|long\b|well\b|shown\b|told\b|known\b|before\b"
    r"|above\b|usual\b|is\b|are\b|was\b|were\b|did\b|do\b|does\b)(?:[\w'’¤.-]+ ){1,5}?(?:is|are|was|were|has|have|had"
    r"|can|could|do|does|did|lacks?|keeps?|kept|held|holds?|spends?|spent|cut|put|got|shares?|publish(?:es|ed)?"
    r"|train(?:s|ed)?|use[sd]?|[a-z]{3,}ed)\b)"
    r"|(?:over|out of|for|on|amid|from|by|under) (?!(?:two|three|several|many|both|these"
    r"|other) reasons)(?=(?:[a-z]+ (?:and )?){0,2}(?:worr(?:y|ies)|concerns?|fears?"
    r"|caution|grounds"
    r"|reasons|purposes|sanctions|restrictions|pressure|secrecy|greed|necessity|policy|bans?|disputes?)\b)"
    r"|(?<!well )being (?=(?:what|so|as|too|more|less|the way|short|scarce)\b)"
    r"|(?:gap|lag|differ\w+|distance|lead|delay|change|rise|drop|fall|this|that|it"
    r"|which)(?:, [^,;]{1,24},)? (?:\w+ )?(?:comes?|came"
    r"|stems?"
    r"|arises?|arose|springs?|flows?|derives?) (?:mostly |mainly |largely |partly )?from (?=(?!¤|(?:\w+ ){0,3}(?:tests?"
    r"|results?|scores?|models?|data|boards?|levels?|measur\w+|months|[\d.]+)\b))"
    r"|(?:is|was|are|remains?) (?:all |only |just |mostly |largely |simply |purely )?an? (?:question|case|story) of"
    r"|what (?:keeps?|holds?|puts?|leaves?|separates?|stops?|slows?|sets?)\b[^.;]{0,60}? (?:is|are|was)\b"
    r"|in other words, (?=[^.;]*\b(?:have|has|had|know|knows|lack|lacks|use|uses|got)\b)"
    r"|by virtue of|in (?:the )?(?:light|view) of|seeing (?:that|as|how)|now that|inasmuch as|rooted in|born (?:of"
    r"|from)"
    r"|(?:down|put down|traced|traceable|chalked up|ascribed|credited|testament|tribute|linked) to"
    r" (?=(?!about|around|roughly|just|only|nearly|almost)[a-z])|owe[sd]? (?:much |everything |it )?to"
    r"|(?:the|a) (?:fruit|legacy|upshot|price|reward|toll) of|not least (?:for|since)|no thanks to|because|partly since"
    r"|(?:brought|spurred|triggered|prompted|caused|dragged|propelled|buoyed|hurt|aided|slowed|inspired|enabled|kept"
    r"|sped)(?: (?:on|down|up|about|along|forward))? by|in order to|so as to|to avoid|to keep up|hence|whence"
    r"|(?:what|that|which) (?:drives|drove|causes|caused|explains|explained|fuels|fuel+ed|makes the difference))",
)
"""In small letters, words that give a reason; "since" and "as" only before a clause with a verb of its own."""

CAVEATS = re.compile(
    r"train(?:ed|ing)? (?:\w+ )?(?:towards?|to|for|on) (?:the |them|it|public|such|these|those)|train towards"
    r"|test(?:ed|ing)? (?:\w+ )?(?:more|less|rarely|seldom)|(?:more|less|fewer) (?:often "
    r"|frequently )?test|third[- ]party hosts|hosts .* degrade"
    r"|vendors? may|see(?:n)? (?:the |its |private )*(?:questions|problems)|self-reported|left out"
    r"|lucky|held back|hold back"
    r"|made up of|questions (?:are|stay|remain) (?:kept )?secret|keep their questions secret",
    re.IGNORECASE,
)
"""The reasons of the bias table, that a gap may look other than it is."""

LIMITS = re.compile(
    r"\b(?:only|just|but|on|with|is|at|one|a single) (?:one |a single )?(?:test|benchmark|result)\b"
    r"|one test|single test|a single benchmark"
    r"|\b(?:too )?few(?:er)? (?:\w+ )?(?:tests|results|models|points|scores|data|benchmarks)"
    r"|\bno (?:newer|open|closed|other|more|recent|longer)\b"
    r"|\b(?:ranges?|intervals?)\b|overlap|includes? (?:zero|no change)|can['’]?t|cannot|unclear"
    r"|unknown|not known|n['’]t known|nobody|no one knows|not enough|not (?:in the data|tested)"
    r"|(?:data|board|boards|tests|results|scores) (?:end|ends|ended|stop|stops)|\bnever released"
    r"|no (?:known )?release date|third part|could go either way"
    r"|way or the other|both ways|is none of them|not (?:one|part) of|differ\w* between|tests differ"
    r"|noisy|below the floor|too few\b|(?:level|mark|score)s? (?:is|are|was|were) (?:\w+ ){0,2}old\b",
    re.IGNORECASE,
)
"""Limits of the data, that explain what can't be told."""

MEASURING = re.compile(
    r"\brange|interval|can['’]?t|cannot|unclear|\btell\b|\bfigure|\bread\b|\bends?\b|left out|leave|set aside"
    r"|dropped|skipped|omitted|ignored|removed"
    r"|exclud|\bcount|\bknown\b|\bwide\b|\bsure\b|doubt|caution"
    r"|careful|no verdict|nobody|no one|not (?:clear|certain|say|mean)|unmatched|waiting|missing"
    r"|nothing|stay|uncertain|averag|merg|stands?\b|\bwe\b|compare|apart|winner|named?\b"
    r"|open or closed",
    re.IGNORECASE,
)
