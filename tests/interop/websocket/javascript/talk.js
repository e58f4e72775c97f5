// Uses a nym-client from JavaScript, with nothing but the package ws (docs/api.md).
//
//     node talk.js ws://127.0.0.1:1977 ws://127.0.0.1:1978
//
// The first client sends, the second one receives and replies; both forms, text and binary.
'use strict';
const assert = require('assert');
const crypto = require('crypto');
const WebSocket = require('ws');

const LIMIT = 60_000; // milliseconds for any one answer

// A connection whose messages can be awaited one by one.
class Connection {
  static async open(url) {
    const socket = new WebSocket(url);
    const connection = new Connection(socket);
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return connection;
  }

  constructor(socket) {
    this.socket = socket;
    this.messages = [];
    this.waiting = null;
    socket.on('message', (data, isBinary) => {
      this.messages.push(isBinary ? data : JSON.parse(data.toString()));
      if (this.waiting) this.waiting();
    });
  }

  send(request) {
    this.socket.send(Buffer.isBuffer(request) ? request : JSON.stringify(request));
  }

  async next() {
    const deadline = setTimeout(() => {
      throw new Error('no answer came in time');
    }, LIMIT);
    while (this.messages.length === 0) await new Promise(resolve => { this.waiting = resolve; });
    clearTimeout(deadline);
    return this.messages.shift();
  }

  // The next text message of that type; events may come in between.
  async nextOfType(type) {
    for (;;) {
      const message = await this.next();
      if (message.type === type) return message;
      if (message.type === 'error') throw new Error(message.message);
    }
  }

  async nextWithTag(tag) {
    for (;;) {
      const message = await this.next();
      assert(Buffer.isBuffer(message), JSON.stringify(message));
      if (message[0] === tag) return message;
      if (message[0] === 0x00) throw new Error(message.subarray(10).toString());
    }
  }
}

async function talkInText(sender, receiver) {
  sender.send({type: 'selfAddress'});
  await sender.nextOfType('selfAddress');
  receiver.send({type: 'selfAddress'});
  const {address} = await receiver.nextOfType('selfAddress');

  sender.send({type: 'subscribe', events: ['delivery']});
  assert.deepStrictEqual((await sender.nextOfType('subscribed')).events, ['delivery']);

  const text = 'grüße 😀 \u0000 "quoted"';
  sender.send({type: 'send', recipient: address, message: text, messageId: 'plain'});
  assert.deepStrictEqual(await receiver.nextOfType('received'), {type: 'received', message: text, senderTag: null});
  assert.deepStrictEqual(await sender.nextOfType('delivery'),
                         {type: 'delivery', messageId: 'plain', outcome: 'acknowledged', why: ''});

  sender.send({type: 'sendAnonymous', recipient: address, message: 'who am I?', replySurbs: 20});
  const question = await receiver.nextOfType('received');
  assert(question.message === 'who am I?' && question.senderTag);
  receiver.send({type: 'reply', senderTag: question.senderTag, message: 'I cannot know', connectionId: 7});
  assert.strictEqual((await receiver.nextOfType('laneQueueLength')).lane, 7);
  assert.deepStrictEqual(await sender.nextOfType('received'),
                         {type: 'received', message: 'I cannot know', senderTag: null});

  sender.send({type: 'status'});
  const status = await sender.nextOfType('status');
  assert(status.gateway === 'ready' && status.apps >= 1);
  console.log('text: ok');
}

function number(value, bytes) {
  const out = Buffer.alloc(bytes);
  out.writeUIntBE(value, bytes > 6 ? bytes - 6 : 0, Math.min(bytes, 6));
  return out;
}

function sized(data) {
  return Buffer.concat([number(data.length, 8), data]);
}

async function talkInBinary(sender, receiver) {
  sender.send(Buffer.from([0x03]));
  assert.strictEqual((await sender.nextWithTag(0x02)).length, 97);
  receiver.send(Buffer.from([0x03]));
  const address = (await receiver.nextWithTag(0x02)).subarray(1);

  sender.send(Buffer.from([0x40, 0x01]));
  assert.deepStrictEqual(await sender.nextWithTag(0x40), Buffer.from([0x40, 0x01]));

  const data = crypto.randomBytes(5000);
  const noLane = number(0, 8);
  const name = Buffer.from('\x42\x02m1', 'latin1');
  sender.send(Buffer.concat([name, Buffer.from([0x00]), address, noLane, sized(data)]));
  assert.deepStrictEqual(await receiver.nextWithTag(0x01), Buffer.concat([Buffer.from([0x01, 0x00]), sized(data)]));
  assert.deepStrictEqual(await sender.nextWithTag(0x42),
                         Buffer.concat([Buffer.from('\x42\x00\x02m1', 'latin1'), sized(Buffer.alloc(0))]));

  sender.send(Buffer.concat([Buffer.from([0x01]), number(20, 4), address, noLane, sized(data)]));
  const question = await receiver.nextWithTag(0x01);
  assert(question[1] === 0x01 && question.subarray(18).equals(sized(data)));
  receiver.send(Buffer.concat([Buffer.from([0x02]), question.subarray(2, 18), number(9, 8), sized(Buffer.from('thanks'))]));
  assert.deepStrictEqual((await receiver.nextWithTag(0x03)).subarray(1, 9), number(9, 8));
  assert.deepStrictEqual(await sender.nextWithTag(0x01),
                         Buffer.concat([Buffer.from([0x01, 0x00]), sized(Buffer.from('thanks'))]));

  sender.send(Buffer.from([0x41]));
  assert.strictEqual((await sender.nextWithTag(0x41))[97], 1, 'the gateway is not ready');
  console.log('binary: ok');
}

async function main(first, second) {
  const sender = await Connection.open(first);
  const receiver = await Connection.open(second);
  await talkInText(sender, receiver);
  await talkInBinary(sender, receiver);
  sender.socket.close();
  receiver.socket.close();
}

main(...process.argv.slice(2)).catch(error => {
  console.error(error);
  process.exit(1);
});
