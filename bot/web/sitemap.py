"""The public pages with the days on which they last changed (sitemaps.org), and what leads search engines there."""

from datetime import date
from xml.etree import ElementTree

from bot.links import Links
from bot.web.pages import COMPARED, OF_QUESTIONS, best_paths
from bot.web.replies import NotFoundError
from bot.web.site import FURTHER, MENU, Site

_ROBOTS = "User-agent: *\nDisallow: /api/\nDisallow: /ask\nDisallow: /briefs?\nDisallow: /models?\n"
_WRITTEN = ("method", "editors", "api")
"""Pages that no data change."""


def robots(links: Links) -> str:
    """Say what search engines need not read, and where the public pages are listed."""
    address = links.absolute("sitemap.xml")
    return f"{_ROBOTS}\nSitemap: {address}\n" if address else _ROBOTS


async def sitemap(site: Site, links: Links) -> bytes:
    """List the pages that there are; raises NotFoundError where no public address is set."""
    if links.absolute() is None:
        raise NotFoundError("A list of all pages needs a public address; its operator sets GAPBRIEF_PUBLIC_URL.")
    listed = ElementTree.Element("urlset", xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
    for path, changed in (await _pages(site)).items():
        if links.has(path):
            page = ElementTree.SubElement(listed, "url")
            ElementTree.SubElement(page, "loc").text = links.absolute(path)
            if path not in _WRITTEN:
                ElementTree.SubElement(page, "lastmod").text = changed.isoformat()
    return bytes(ElementTree.tostring(listed, "utf-8", xml_declaration=True))


async def _pages(site: Site) -> dict[str, date]:
    """Return the paths of all pages for readers, and when each changed; no brief that was withdrawn is among them."""
    known, entries = await site.catalogue(), await site.archive.all()
    briefs = {entry.path: entry.updated.date() for entry in entries if not entry.withdrawn}
    listed = [path for path, _ in (*MENU, *FURTHER) if "." not in path]
    named = [*(test.path for test in known.tests), *(model.path for model in known.models)]
    answers = dict.fromkeys((*listed, *OF_QUESTIONS, *best_paths(known.tests), *COMPARED, *named), known.changed)
    return answers | dict.fromkeys(("", "briefs"), max([known.changed, *briefs.values()])) | briefs
