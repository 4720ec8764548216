"""Facts made by hand, as answers have them: of the gap, of one match, of a change in doubt and of one without."""

from core.answer import Fact

GAP = (
    Fact("gap.private", 7.49, "months", "private tests", "7.5 months"),
    Fact("about.private", 7.49, "months", "private tests", "about 7.5 months on private tests"),
    Fact("range.private", "4.9 to 10.1", "months", "private tests", "likely 5 to 10"),
    Fact("basis.private", 60, "results", "private tests", "60 results on 8 tests, read at 31 July 2026"),
    Fact("change.private", 2.5, "months", "private tests",
         "can't tell on private tests (likely 1 narrower to 6 wider)"),
    Fact("gap.public", 5.07, "months", "public tests", "5.1 months"),
    Fact("range.public", "4.1 to 6.0", "months", "public tests", "likely 4.1 to 6.0"),
    Fact("basis.public", 73, "results", "public tests", "73 results on 8 tests, read at 17 April 2026"),
    Fact("change.public", 3.6, "months", "public tests", "wider than in January 2025 by 3.6 months on public tests"),
    Fact("waiting", 29, "levels", "reached by closed models only", "29 of 162 levels"),
    Fact("waiting.median", 6.9, "months", "until open models match a level",
         "half of such levels took longer than 6.9 months"),
    Fact("newest.open", "Kimi K3", "", "newest open model to match a level", "Kimi K3"),
    Fact("newest.closed", "Claude Opus 4.6", "", "closed model that was first there", "Claude Opus 4.6"),
    Fact("newest.board", "ARC-AGI-2", "", "benchmark", "ARC-AGI-2"),
    Fact("newest.level", 61.0, "percent", "ARC-AGI-2", "61 %"),
    Fact("newest.day", "2026-07-31", "date", "Kimi K3", "31 July 2026"),
    Fact("newest.gap", 5.78, "months", "Kimi K3", "5.8 months after"),
    Fact("leans.without", 7.89, "months", "private tests without WeirdML", "private would be 7.9 months"),
    Fact("tested.open", 0.23, "fraction", "eligible open models", "23 % of the open models"),
    Fact("tested.closed", 0.42, "fraction", "eligible closed ones", "42 % of the closed ones"),
    Fact("as_of", "2026-08-22", "date", "models released by", "22 August 2026"),
    Fact("data.age", 95, "days", "the newest complete data", "95 days old"),
)  # fmt: skip
NAMES = frozenset(
    {"Kimi K3", "Kimi K2", "Claude Opus 4.6", "Claude Opus 4.5", "Claude Fable 5", "GPT-5.5", "ARC-AGI", "ARC-AGI-2",
     "WeirdML", "SimpleBench", "DeepSeek-V3", "Llama 2", "Llama 3", "Llama 4", "Mistral AI", "22 Hours"}
)  # fmt: skip
