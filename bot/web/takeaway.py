"""A brief in the forms in which it leaves this machine: with public addresses, or with the publishers' alone."""

from dataclasses import replace

from bot.links import Links
from bot.publish import render
from bot.web.archive import Entry
from bot.web.site import Site
from core.brief import Brief, Earlier

FORMS = {"md": "md", "txt": "text", "json": "json", "email.html": "email"}
"""What a brief's address may end in, and the form that it gives."""
TYPES = {"md": "text/markdown", "text": "text/plain", "json": "application/json", "email": "text/html"}
_MORE = 3


async def take(site: Site, links: Links, entry: Entry, form: str) -> str:
    """Write a brief in a form of `bot.publish`; the briefs before it are those of the archive."""
    return render(await linked(site, links, entry), form)


async def linked(site: Site, links: Links, entry: Entry) -> Brief:
    """Return a brief that names the briefs before it by their public addresses; without one it names none."""
    entries, _ = await site.archive.page()
    before = [
        Earlier(each.brief.title, links.absolute(each.path) or "", each.brief.published)
        for each in entries
        if each.posted_at < entry.posted_at and each.withdrawn_at is None
    ]
    return replace(entry.brief, more=tuple(before[:_MORE]) if links.public_url else ())
