from tests.bot.discord.newsroom.conftest import *
from tests.bot.discord.conftest import *
def dump(title, m):
    print("=====", title)
    if m is None: print("None"); return
    print("content:", m.content)
    for e in m.embeds:
        print("  EMBED", e.title, "|", e.description, "|", [(f.name,f.value) for f in e.fields], "|", e.footer.text)
    print("  att", [a.filename for a in m.attachments])
    for row in m.components:
        d = row if isinstance(row, dict) else row.to_dict()
        print("  row", [(c.get("label") or c.get("placeholder") or c["custom_id"], c["custom_id"], c.get("disabled"), [ (v.get("id")) for v in c.get("default_values",[])] or [o['label'] for o in c.get('options',[])]) for c in d["components"]])
async def test_demo(room):
    room.world.bot.cooldown.asks = 10**6
    card = await room.new()
    dump("new", card)
    r = await room.press(card, "Edit")
    print(r.modal)
    text = r.modal["components"][0]["component"]["value"]
    s = await room.alice.submit_modal(r, {"text": text.replace("about 7.5", "about 8.5")})
    for f in s.followups: dump("refused", f)
    again = await room.press(s.followups[0], "Edit again")
    t2 = again.modal["components"][0]["component"]["value"]
    s = await room.alice.submit_modal(again, {"text": t2.replace("8.5","7.5").replace("Open models about","Open models are about")})
    dump("accepted", s.response or s)
    r = await room.press(card, "Post")
    for f in r.followups: dump("stale", f)
    from simcord.results import ResponseMessage
    dump("card now", card)
    r = await room.press(card, "Post")
    dump("posted", card)
    await room.deliver()
    dump("channel", room.world.channel.last_message)
    r = await room.press(card, "Look again")
    dump("look again", card)
    r = await room.press(card, "Correct"); print(r.modal["title"], [c["label"] for c in r.modal["components"]])
    text = r.modal["components"][0]["component"]["value"]
    s = await room.alice.submit_modal(r, {"text": text.replace("public tests, the gap","public tests the gap")})
    dump("corrected", card)
    await room.deliver()
    await room.press(card, "Look again")
    dump("corrected2", card)
    h = await room.slash("history"); dump("history", h.response)
    a = await room.slash("audit"); dump("audit", a.response)
    r = await room.press(card, "Withdraw"); print(r.modal)
    s = await room.alice.submit_modal(r, {"reason": "wrong name"})
    dump("withdrawn", card)
    await room.deliver()
    h = await room.slash("history"); dump("history", h.response)
    a = await room.slash("settings"); dump("settings", a.response)
    a = await room.slash("schedule add", when="every Monday at 09:00", zone="europe/berlin", channel=room.news, role=room.editors, ask_first=False); dump("add", a.response)
    a = await room.slash("schedule list"); dump("list", a.response)
    m = await room.draft_for_approval(); dump("review", m)
    r = await room.press(m, "Approve", room.bob); dump("approved", room.drafts.last_message)
    await room.deliver(); dump("news", room.news.last_message)
    a = await room.slash("schedule list"); dump("list", a.response)
    a = await room.slash("audit"); dump("audit", a.response)
    a = await room.slash("settings", room.dave); dump("dave", a.response)
    print(await room.alice.autocomplete(room.world.channel, "newsroom schedule add", "when", "every tue"))
    print(await room.alice.autocomplete(room.world.channel, "newsroom schedule add", "zone", "ber"))
