"""Uses a nym-client from Python, with nothing but the package websockets (docs/api.md).

    python3 talk.py ws://127.0.0.1:1977 ws://127.0.0.1:1978

The first client sends, the second one receives and replies; both forms, text and binary.
"""
import asyncio
import json
import os
import struct
import sys

import websockets

LIMIT = 60  # seconds for any one answer


async def next_of_type(client, kind):
    """The next text message of that type; events may come in between."""
    while True:
        message = json.loads(await asyncio.wait_for(client.recv(), LIMIT))
        if message["type"] == kind:
            return message
        if message["type"] == "error":
            raise RuntimeError(message["message"])


async def talk_in_text(sender, receiver):
    await sender.send(json.dumps({"type": "selfAddress"}))
    await next_of_type(sender, "selfAddress")
    await receiver.send(json.dumps({"type": "selfAddress"}))
    address = (await next_of_type(receiver, "selfAddress"))["address"]

    await sender.send(json.dumps({"type": "subscribe", "events": ["delivery"]}))
    assert (await next_of_type(sender, "subscribed"))["events"] == ["delivery"]

    text = "gr\u00fc\u00dfe \U0001f600 \u0000 \"quoted\""
    await sender.send(json.dumps({"type": "send", "recipient": address, "message": text, "messageId": "plain"}))
    received = await next_of_type(receiver, "received")
    assert received == {"type": "received", "message": text, "senderTag": None}, received
    delivery = await next_of_type(sender, "delivery")
    assert delivery == {"type": "delivery", "messageId": "plain", "outcome": "acknowledged", "why": ""}, delivery

    await sender.send(json.dumps(
        {"type": "sendAnonymous", "recipient": address, "message": "who am I?", "replySurbs": 20}))
    question = await next_of_type(receiver, "received")
    assert question["message"] == "who am I?" and question["senderTag"], question
    await receiver.send(json.dumps(
        {"type": "reply", "senderTag": question["senderTag"], "message": "I cannot know", "connectionId": 7}))
    assert (await next_of_type(receiver, "laneQueueLength"))["lane"] == 7
    reply = await next_of_type(sender, "received")
    assert reply == {"type": "received", "message": "I cannot know", "senderTag": None}, reply

    await sender.send(json.dumps({"type": "status"}))
    status = await next_of_type(sender, "status")
    assert status["gateway"] == "ready" and status["apps"] >= 1, status
    print("text: ok")


async def next_with_tag(client, tag):
    while True:
        message = await asyncio.wait_for(client.recv(), LIMIT)
        assert isinstance(message, bytes), message
        if message[0] == tag:
            return message
        if message[0] == 0x00:
            raise RuntimeError(message[10:].decode())


def sized(data):
    return struct.pack(">Q", len(data)) + data


async def talk_in_binary(sender, receiver):
    await sender.send(b"\x03")
    assert len(await next_with_tag(sender, 0x02)) == 97
    await receiver.send(b"\x03")
    address = (await next_with_tag(receiver, 0x02))[1:]

    await sender.send(b"\x40\x01")
    assert await next_with_tag(sender, 0x40) == b"\x40\x01"

    data = os.urandom(5000)
    no_lane = struct.pack(">Q", 0)
    await sender.send(b"\x42\x02m1" + b"\x00" + address + no_lane + sized(data))
    assert await next_with_tag(receiver, 0x01) == b"\x01\x00" + sized(data)
    assert await next_with_tag(sender, 0x42) == b"\x42\x00\x02m1" + sized(b"")

    await sender.send(b"\x01" + struct.pack(">I", 20) + address + no_lane + sized(data))
    question = await next_with_tag(receiver, 0x01)
    assert question[1] == 0x01 and question[18:] == sized(data)
    await receiver.send(b"\x02" + question[2:18] + struct.pack(">Q", 9) + sized(b"thanks"))
    assert (await next_with_tag(receiver, 0x03))[1:9] == struct.pack(">Q", 9)
    assert await next_with_tag(sender, 0x01) == b"\x01\x00" + sized(b"thanks")

    await sender.send(b"\x41")
    status = await next_with_tag(sender, 0x41)
    assert status[97] == 1, "the gateway is not ready"
    print("binary: ok")


async def main(first, second):
    async with websockets.connect(first) as sender, websockets.connect(second) as receiver:
        await talk_in_text(sender, receiver)
        await talk_in_binary(sender, receiver)


asyncio.run(main(sys.argv[1], sys.argv[2]))
