"""An application's end of a nym-client's websocket, with nothing but the standard library (RFC 6455, docs/api.md)."""
import asyncio
import base64
import itertools
import json
import os
import struct
from urllib.parse import urlsplit

OPEN_LIMIT = 30  # seconds
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


def masked(payload):
    """The mask is all zeros: it protects proxies, of which there are none here."""
    length = len(payload)
    if length < 126:
        head = bytes([0x80 | length])
    elif length < 65536:
        head = bytes([0x80 | 126]) + struct.pack(">H", length)
    else:
        head = bytes([0x80 | 127]) + struct.pack(">Q", length)
    return head + bytes(4) + payload


class App:
    """Sends requests; every message that arrives goes to `on_message`."""

    def __init__(self, reader, writer, on_message):
        self._reader, self._writer, self._on_message = reader, writer, on_message
        self.is_closed = False
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def connect(cls, url, on_message):
        place = urlsplit(url)
        reader, writer = await asyncio.wait_for(asyncio.open_connection(place.hostname, place.port), OPEN_LIMIT)
        key = base64.b64encode(os.urandom(16)).decode()
        writer.write((f"GET / HTTP/1.1\r\nHost: {place.netloc}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                      f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n").encode())
        answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), OPEN_LIMIT)
        if b" 101 " not in answer.split(b"\r\n")[0]:
            raise ConnectionError(f"{url} answers {answer[:80]!r}")
        return cls(reader, writer, on_message)

    def send(self, **request):
        self._writer.write(bytes([0x80 | TEXT]) + masked(json.dumps(request).encode()))

    async def drain(self):
        await self._writer.drain()

    async def close(self):
        self._reading.cancel()
        self._writer.close()

    async def _read(self):
        try:
            while True:
                kind, payload = await self._frame()
                if kind == PING:
                    self._writer.write(bytes([0x80 | PONG]) + masked(payload))
                elif kind == CLOSE:
                    break
                elif kind == TEXT:
                    self._on_message(json.loads(payload))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.is_closed = True

    async def _frame(self):
        first, second = await self._reader.readexactly(2)
        length = second & 0x7f
        if length == 126:
            length, = struct.unpack(">H", await self._reader.readexactly(2))
        elif length == 127:
            length, = struct.unpack(">Q", await self._reader.readexactly(8))
        return first & 0x0f, await self._reader.readexactly(length)


class Post:
    """Messages between the applications of a network, and what became of each.

    A message is its number, a blank and filling. Texts and ids are remembered as numbers only, so that millions fit."""

    def __init__(self):
        self._numbers = itertools.count()
        self.sent = 0
        self.outcomes = {}  # number: its outcomes, normally one
        self.reasons = {}  # why messages failed, and how often
        self.received = {}  # number: how often it arrived
        self.sent_at = {}
        self.latencies = []  # seconds, sampled
        self.foreign = []  # what arrived and was never sent, or was changed
        self.errors = []
        self._fillings = {}
        self._recipients = {}  # number: name of the client it is for

    async def attach(self, client):
        """An application at a client, with delivery events. It is connected again when its client comes back."""
        def on_message(message, name=client["name"]):
            self._on_message(name, message)
        app = await App.connect(client["websocket"], on_message)
        app.send(type="subscribe", events=["delivery"])
        return app

    def send(self, app, recipient, size):
        number = next(self._numbers)
        filling = "x" * max(size - 10, 0)
        self._recipients[number] = recipient["name"]
        self._fillings[number] = len(filling)
        self.sent_at[number] = asyncio.get_running_loop().time()
        app.send(type="send", recipient=recipient["address"], message=f"{number} {filling}", messageId=str(number))
        self.sent += 1

    def _on_message(self, name, message):
        kind = message.get("type")
        if kind == "received":
            self._on_received(name, message["message"])
        elif kind == "delivery":
            number = int(message["messageId"])
            self.outcomes.setdefault(number, []).append(message["outcome"])
            self.sent_at.pop(number, None)
            if message["outcome"] != "acknowledged":
                self.reasons[message["why"]] = self.reasons.get(message["why"], 0) + 1
        elif kind == "error":
            self.errors.append(message)

    def _on_received(self, name, text):
        number, _, filling = text.partition(" ")
        known = number.isdigit() and self._recipients.get(int(number)) == name
        if not known or filling != "x" * self._fillings[int(number)]:
            return self.foreign.append((name, text[:40]))
        number = int(number)
        self.received[number] = self.received.get(number, 0) + 1
        if number in self.sent_at and self.received[number] == 1:
            self.latencies.append(asyncio.get_running_loop().time() - self.sent_at[number])

    @property
    def ended(self):
        return len(self.outcomes)

    def outcome_counts(self):
        counts = {}
        for outcomes in self.outcomes.values():
            for outcome in outcomes:
                counts[outcome] = counts.get(outcome, 0) + 1
        return counts

    def faults(self):
        """What must not be; empty when every message has exactly one outcome, nothing that was acknowledged is missing
        and nothing came twice."""
        found = []
        open_ones = self.sent - self.ended
        if open_ones:
            found.append(f"{open_ones} messages have no outcome, the first is {self._first_open()}")
        twice = [number for number, outcomes in self.outcomes.items() if len(outcomes) > 1]
        if twice:
            found.append(f"{len(twice)} messages have several outcomes, as number {twice[0]}: {self.outcomes[twice[0]]}")
        lost = [number for number, outcomes in self.outcomes.items()
                if "acknowledged" in outcomes and number not in self.received]
        if lost:
            found.append(f"{len(lost)} messages were acknowledged and did not arrive: {lost[:10]}")
        doubled = [number for number, times in self.received.items() if times > 1]
        if doubled:
            found.append(f"{len(doubled)} messages arrived more than once: {doubled[:10]}")
        if self.foreign:
            found.append(f"{len(self.foreign)} messages arrived that nobody sent there: {self.foreign[:3]}")
        if self.errors:
            found.append(f"{len(self.errors)} errors came to applications: {self.errors[:3]}")
        return found

    def _first_open(self):
        return next(number for number in range(self.sent) if number not in self.outcomes)

    def latency_line(self):
        if not self.latencies:
            return "no latencies"
        times = sorted(self.latencies)
        return "latency " + ", ".join(f"p{p} {times[min(len(times) - 1, len(times) * p // 100)]:.3f} s"
                                      for p in (50, 95, 99))
