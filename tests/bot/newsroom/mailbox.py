"""A mail server on loopback that keeps what it is sent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

_ANSWERS = {b"EHLO": b"250 gapbrief.test", b"DATA": b"354 go on", b"QUIT": b"221 bye"}


@dataclass
class Mailbox:
    """What came in; `refuses` turns down every recipient."""

    address: str = ""
    mails: list[EmailMessage] = field(default_factory=list)
    refuses: bool = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak with one client: as much of RFC 5321 as it takes."""
        writer.write(b"220 gapbrief.test\r\n")
        while line := await reader.readline():
            word = line[:4].upper().strip()
            reply = b"550 nobody here" if self.refuses and word == b"RCPT" else _ANSWERS.get(word, b"250 OK")
            writer.write(reply + b"\r\n")
            if word == b"DATA":
                whole = await reader.readuntil(b"\r\n.\r\n")
                self.mails.append(message_from_bytes(whole[:-3].replace(b"\r\n..", b"\r\n."), policy=default))
                writer.write(b"250 OK\r\n")
            if word == b"QUIT":
                break
        writer.close()


@asynccontextmanager
async def mailbox() -> AsyncIterator[Mailbox]:
    """Serve a mailbox; its address is one for apprise."""
    box = Mailbox()
    server = await asyncio.start_server(box.serve, "127.0.0.1", 0, limit=2**22)
    port = server.sockets[0].getsockname()[1]
    box.address = f"mailto://news@example.org:{port}?smtp=127.0.0.1&to=reader@example.org&mode=insecure"
    async with server:
        yield box
