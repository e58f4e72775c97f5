"""What a program for v0.8.0 to v1.1.3 does with its own client, in text and binary (05 §13.1, §13.2).

    python3 older.py ws://127.0.0.1:1977
"""
import asyncio
import json
import os
import sys

import websockets

LIMIT = 60


async def text_with_reply(url):
    async with websockets.connect(url) as client:
        await client.send(json.dumps({"type": "selfAddress"}))
        address = json.loads(await asyncio.wait_for(client.recv(), LIMIT))["address"]
        await client.send(json.dumps(
            {"type": "send", "message": "Hello Nym!", "recipient": address, "withReplySurb": True}))
        received = json.loads(await asyncio.wait_for(client.recv(), LIMIT))
        assert received["message"] == "Hello Nym!", received
        await client.send(json.dumps(
            {"type": "reply", "message": "hello from reply SURB!", "replySurb": received["replySurb"]}))
        reply = json.loads(await asyncio.wait_for(client.recv(), LIMIT))
        assert reply["message"] == "hello from reply SURB!" and reply["replySurb"] is None, reply
    print("text: ok")


async def binary_with_reply(url):
    content = os.urandom(2859)
    async with websockets.connect(url) as client:
        await client.send(b"\x02")
        answer = await asyncio.wait_for(client.recv(), LIMIT)
        assert len(answer) == 97 and answer[0] == 2
        await client.send(b"\x00\x01" + answer[1:] + len(content).to_bytes(8, "big") + content)
        received = await asyncio.wait_for(client.recv(), LIMIT)
        assert received[:2] == b"\x01\x01"
        size = int.from_bytes(received[2:10], "big")
        surb, rest = received[10:10 + size], received[10 + size:]
        assert rest == len(content).to_bytes(8, "big") + content
        thanks = b"hello from reply SURB! - thanks for sending me the file!"
        await client.send(b"\x01" + size.to_bytes(8, "big") + surb + len(thanks).to_bytes(8, "big") + thanks)
        assert await asyncio.wait_for(client.recv(), LIMIT) == b"\x01\x00" + len(thanks).to_bytes(8, "big") + thanks
    print("binary: ok")


asyncio.run(text_with_reply(sys.argv[1]))
asyncio.run(binary_with_reply(sys.argv[1]))
