// The browser SDK of the same generation on our network (docs/interop.md).
//
//     suite.mjs MODULES CHROMIUM DIRECTORY [WEBSOCKET]
//
// With the websocket of a nym-client the two exchange messages in both directions; without it two SDKs do.
import assert from 'node:assert';
import crypto from 'node:crypto';
import {Browser, Queue, modulesIn, serve} from '../browser.mjs';

const [modulesFolder, chromium, directory, websocket] = process.argv.slice(2);
const modules = modulesIn(modulesFolder);
const LARGE = 1_000_000;
const started = Date.now();
const sha256 = bytes => crypto.createHash('sha256').update(bytes).digest('hex');
const done = what => console.log(`${((Date.now() - started) / 1000).toFixed(1).padStart(6)} s  ${what}`);

// Content that both ends can make: byte i is the top byte of i times an odd number.
function content(size, salt) {
  return Uint8Array.from({length: size}, (_, i) => Math.imul(i + salt, 2654435761) >>> 24);
}

// The SDK puts a header in front of what its `send` carries: 8 bytes of its length, JSON, then the content.
function framed(mimeType, bytes) {
  const header = Buffer.from(JSON.stringify({mimeType, headers: null}));
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(header.length));
  return Buffer.concat([size, header, bytes]);
}

// An SDK in a page of its own. Its events come as {kind, text} or {kind, size, sha256}.
class Sdk {
  static async start(browser, port, name) {
    const sdk = new Sdk();
    sdk.events = new Queue();
    sdk.console = [];
    sdk.page = await browser.open(`http://127.0.0.1:${port}/`, sdk.console);
    await sdk.page.exposeFunction('report', event => sdk.events.push(event));
    await sdk.page.evaluate(async ({name, directory}) => {
      const {createNymMixnetClient} = await import('/sdk.js');
      const nym = window.nym = await createNymMixnetClient();
      const hex = async bytes => [...new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes)))]
        .map(byte => byte.toString(16).padStart(2, '0')).join('');
      const bytes = kind => async event => {
        const payload = event.args.payload;
        window.report({kind, size: payload.length, sha256: await hex(payload), mimeType: event.args.mimeType});
      };
      nym.events.subscribeToConnected(event => window.report({kind: 'connected', text: event.args.address}));
      nym.events.subscribeToTextMessageReceivedEvent(event => window.report({kind: 'text', text: event.args.payload}));
      nym.events.subscribeToBinaryMessageReceivedEvent(bytes('binary'));
      nym.events.subscribeToRawMessageReceivedEvent(bytes('raw'));
      // The worker reads `id` and `nymApi`; the package's own types name the other two.
      await nym.client.start({clientId: name, nymApiUrl: directory, id: name, nymApi: directory});
    }, {name, directory});
    sdk.address = (await sdk.next('connected')).text;
    assert.match(sdk.address, /^\w+\.\w+@\w+$/);
    done(`${name} registered and is connected`);
    return sdk;
  }

  next(kind, fits = () => true) {
    return this.events.next(kind, event => event.kind === kind && fits(event)).catch(error => {
      throw new Error(`${error.message}\nthe page says:\n${this.console.join('\n')}`);
    });
  }

  nextBytes(kind, bytes) {
    return this.next(kind, event => event.size === bytes.length && event.sha256 === sha256(bytes));
  }

  send(recipient, message, replySurbs) {
    return this.page.evaluate(args => window.nym.client.send(args), {recipient, payload: {message, mimeType: 'text/plain'}, replySurbs});
  }

  sendRaw(recipient, bytes, replySurbs) {
    const base64 = Buffer.from(bytes).toString('base64');
    return this.page.evaluate(({recipient, base64, replySurbs}) => window.nym.client.rawSend(
      {recipient, payload: Uint8Array.from(atob(base64), c => c.charCodeAt(0)), replySurbs}), {recipient, base64, replySurbs});
  }
}

// A program at our nym-client, in the binary form of docs/api.md.
class App {
  static async open(url) {
    const WebSocket = modules('ws');
    const app = new App();
    app.socket = new WebSocket(url, {maxPayload: 1 << 26});
    app.answers = new Queue();
    app.received = new Queue();
    await new Promise((resolve, reject) => app.socket.once('open', resolve).once('error', reject));
    app.socket.on('message', data => app.take(data));
    app.socket.send(Buffer.from([0x03]));
    app.own = (await app.answers.next('own address')).subarray(1);
    app.socket.send(JSON.stringify({type: 'selfAddress'}));
    app.address = JSON.parse(await app.answers.next('own address')).address;
    app.socket.send(Buffer.from([0x03]));  // pushes have the form of the last request
    await app.answers.next('own address');
    return app;
  }

  take(data) {
    if (data[0] !== 0x01) return this.answers.push(data);
    const tagged = data[1] === 0x01;
    const begin = tagged ? 18 : 2;
    this.received.push({tag: tagged ? data.subarray(2, 18) : null, content: data.subarray(begin + 8)});
  }

  async next(expected) {
    const message = await this.received.next(`${expected.length} bytes`, ({content}) => content.equals(Buffer.from(expected)));
    return message.tag;
  }

  request(head, bytes) {
    const numbers = Buffer.alloc(16);
    numbers.writeBigUInt64BE(BigInt(bytes.length), 8);
    this.socket.send(Buffer.concat([...head, numbers, bytes]));
  }

  send(recipient, bytes) {
    this.request([Buffer.from([0x00]), recipient], bytes);
  }

  sendAnonymously(recipient, bytes) {
    this.request([Buffer.from([0x01, 0, 0, 0, 20]), recipient], bytes);
  }

  reply(tag, bytes) {
    this.request([Buffer.from([0x02]), tag], bytes);
  }
}

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
function addressBytes(address) {
  return Buffer.concat(address.split(/[.@]/).map(key => {
    const number = [...key].reduce((sum, digit) => sum * 58n + BigInt(BASE58.indexOf(digit)), 0n);
    return Buffer.from(number.toString(16).padStart(64, '0'), 'hex');
  }));
}

async function withOurClient(browser, port) {
  const app = await App.open(websocket);
  const sdk = await Sdk.start(browser, port, 'sdk');
  const sdkAddress = addressBytes(sdk.address);

  await sdk.send(app.address, 'hello from the sdk');
  assert(await app.next(framed('text/plain', Buffer.from('hello from the sdk'))), 'everything that the SDK sends has a tag');
  done('text, SDK to client, without reply blocks');
  await sdk.sendRaw(app.address, content(3000, 1));
  await app.next(content(3000, 1));
  done('raw bytes, SDK to client');

  app.send(sdkAddress, framed('text/plain', Buffer.from('hello from the client')));
  assert.strictEqual((await sdk.next('text')).text, 'hello from the client');
  done('text, client to SDK');
  app.send(sdkAddress, framed('application/octet-stream', content(5000, 2)));
  await sdk.nextBytes('binary', content(5000, 2));
  done('bytes, client to SDK');
  app.sendAnonymously(sdkAddress, framed('text/plain', Buffer.from('guess who')));
  assert.strictEqual((await sdk.next('text')).text, 'guess who');
  done('text, client to SDK, anonymous with 20 reply blocks');

  await sdk.send(app.address, 'who am I?', 15);
  const tag = await app.next(framed('text/plain', Buffer.from('who am I?')));
  app.reply(tag, framed('text/plain', Buffer.from('I cannot know')));
  assert.strictEqual((await sdk.next('text')).text, 'I cannot know');
  done('reply on reply blocks, client to SDK');
  app.reply(tag, framed('application/octet-stream', content(100_000, 3)));
  await sdk.nextBytes('binary', content(100_000, 3));
  done('reply of 100 kB, on more reply blocks than there were');

  await sdk.sendRaw(app.address, content(LARGE, 4));
  app.send(sdkAddress, framed('application/octet-stream', content(LARGE, 5)));
  await Promise.all([app.next(content(LARGE, 4)).then(() => done('1 MB, SDK to client')),
                     sdk.nextBytes('binary', content(LARGE, 5)).then(() => done('1 MB, client to SDK'))]);
  app.socket.close();
}

async function amongThemselves(browser, port) {
  const [anna, ben] = [await Sdk.start(browser, port, 'anna'), await Sdk.start(browser, port, 'ben')];
  await anna.send(ben.address, 'hello ben');
  assert.strictEqual((await ben.next('text')).text, 'hello ben');
  await ben.send(anna.address, 'hello anna', 10);
  assert.strictEqual((await anna.next('text')).text, 'hello anna');
  done('text, both ways');
  await anna.send(anna.address, 'note to myself');
  assert.strictEqual((await anna.next('text')).text, 'note to myself');
  done('text to itself');
  await ben.sendRaw(anna.address, framed('application/octet-stream', content(LARGE, 6)));
  await anna.nextBytes('binary', content(LARGE, 6));
  done('1 MB');
}

const server = await serve({
  '/': ['text/html', '<!doctype html><title>sdk</title>'],
  '/favicon.ico': ['image/x-icon', ''],
  '/sdk.js': ['text/javascript', modules.resolve('@nymproject/sdk-full-fat')],
});
const browser = await Browser.launch(modules, chromium);
try {
  await (websocket ? withOurClient : amongThemselves)(browser, server.address().port);
} finally {
  await browser.close();
  server.close();
}
