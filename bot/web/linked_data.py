"""What pages say to programs in the words of schema.org: a brief is a NewsArticle, an answer a Dataset.

Only pages with a public address say it: nothing else of theirs leaves this machine.
"""

from typing import Any

from bot.links import Links, of_the_web
from bot.newsroom import corrections
from bot.newsroom.formats import inert
from bot.web.archive import Entry
from core.answer import Answer
from core.questions import Question

Data = dict[str, Any] | None


def article(links: Links, entry: Entry, picture: str) -> Data:
    """Describe a brief, with the path of its picture, "" where it has none; None for one that was withdrawn."""
    if entry.withdrawn:
        return None
    return _described(
        links, "NewsArticle", headline=inert(entry.title), description=inert(entry.brief.summary), inLanguage="en",
        datePublished=entry.brief.published.isoformat(), dateModified=entry.updated.isoformat(),
        image=picture and links.absolute(picture), author=_us(links), publisher=_us(links),
        correction=[inert(note) for note in corrections(entry.corrected)],
    )  # fmt: skip


def dataset(links: Links, question: Question, answer: Answer, name: str, description: str) -> Data:
    """Describe an answer with its table and its sources."""
    table = links.absolute(links.data(question, "csv"))
    based_on = [
        {"@type": "Dataset", "name": source["title"], "publisher": source["publisher"], "license": source["licence"],
         "url": of_the_web(source["url"])}
        for source in answer.sources
    ]  # fmt: skip
    return _described(
        links, "Dataset", name=inert(name), description=inert(description), temporalCoverage=answer.as_of,
        version=answer.revision, creator=_us(links), creditText=inert(answer.citation), isBasedOn=based_on,
        distribution={"@type": "DataDownload", "encodingFormat": "text/csv", "contentUrl": table},
    )  # fmt: skip


def _described(links: Links, kind: str, **said: Any) -> Data:
    if (url := links.absolute()) is None:
        return None
    head = {"@context": "https://schema.org", "@type": kind, "url": url, "isAccessibleForFree": True}
    return head | {name: value for name, value in said.items() if value}


def _us(links: Links) -> dict[str, Any]:
    return {"@type": "Organization", "name": "gapbrief", "url": links.absolute("")}
