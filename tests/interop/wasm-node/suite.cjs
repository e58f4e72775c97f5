// A client of a later generation on our network, as far as it falls back (docs/interop.md).
//
//     NODE_PATH=node_modules node suite.cjs DIRECTORY WEBSOCKET
//
// It asks a directory for the later documents, which are made here from ours, and a gateway for the later handshake.
'use strict';
const assert = require('assert');
const http = require('http');
const {WebSocket: Ws} = require('ws');
require('fake-indexeddb/auto');

const LIMIT = 60_000; // milliseconds for all of it
const [directory, websocket] = process.argv.slice(2);
const done = what => console.log(what);

// What goes over the client's sockets, in order: {socket, from: 'client' | 'gateway', text} or {…, size}.
const traffic = [];
let sockets = 0;
let onTraffic = () => {};

class WatchedWebSocket extends Ws {
  constructor(...args) {
    super(...args);
    this.number = ++sockets;
    this.on('message', (data, isBinary) => this.note('gateway', isBinary ? data : data.toString()));
  }

  send(data, ...rest) {
    this.note('client', data);
    super.send(data, ...rest);
  }

  note(from, data) {
    traffic.push({socket: this.number, from, ...(typeof data === 'string' ? {text: data} : {size: data.byteLength ?? data.length})});
    onTraffic();
  }
}

// What the client takes from its surroundings in a browser.
globalThis.self = globalThis;
globalThis.WebSocket = WatchedWebSocket;

// Looks again whenever something has come.
async function eventually(what, find) {
  const deadline = Date.now() + LIMIT;
  for (;;) {
    const found = find();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`${what} was not seen; there was: ${JSON.stringify(traffic.slice(0, 40), null, 1)}`);
    await new Promise(resolve => {
      const timer = setTimeout(resolve, deadline - Date.now() + 1);
      onTraffic = () => { clearTimeout(timer); resolve(); };
    });
  }
}

const seen = (what, fits) => eventually(what, () => traffic.find(fits));
const field = (entry, key) => entry.text && JSON.parse(entry.text)[key];

async function laterDocuments() {
  const list = async path => (await fetch(directory + path)).json();
  const [mixnodes, gateways] = [await list('/v1/mixnodes/active'), await list('/v1/gateways')];
  const node = (id, identity, sphinx, host, port, role, entry) => ({
    node_id: id, ed25519_identity_pubkey: identity, ip_addresses: [host], mix_port: port, x25519_sphinx_pubkey: sphinx, role,
    supported_roles: {mixnode: entry === null, entry: entry !== null, exit_nr: false, exit_ipr: false}, entry, performance: '1',
  });
  const mixes = mixnodes.map((bond, i) => {
    const {mix_node: mix, layer} = bond.bond_information;
    const number = {One: 1, Two: 2, Three: 3}[layer] ?? layer;
    return node(i + 1, mix.identity_key, mix.sphinx_key, mix.host, mix.mix_port, {Mixnode: {layer: number}}, null);
  });
  const entries = gateways.map(({gateway}, i) => node(100 + i, gateway.identity_key, gateway.sphinx_key, gateway.host, gateway.mix_port,
    'EntryGateway', {hostname: null, ws_port: gateway.clients_port, wss_port: null}));
  const page = nodes => ({
    metadata: {status: null, absolute_epoch_id: 1, rotation_id: 0, refreshed_at: '2026-01-01 00:00:00.0 +00:00:00'},
    nodes: {pagination: {total: nodes.length, page: 0, size: nodes.length}, data: nodes},
  });
  const layer = number => mixes.filter(mix => mix.role.Mixnode.layer === number).map(mix => mix.node_id);
  return {
    '/v1/epoch/key-rotation-info': {
      key_rotation_state: {validity_epochs: 24, initial_epoch_id: 0}, current_absolute_epoch_id: 1,
      current_epoch_start: new Date(Date.now() - 1000).toISOString(), epoch_duration: {secs: 3600, nanos: 0},
      progress: {current_key_rotation_id: 0, current_rotation_starting_epoch: 0, current_rotation_ending_epoch: 24},
    },
    '/v1/nym-nodes/rewarded-set': {epoch_id: 1, entry_gateways: entries.map(entry => entry.node_id), exit_gateways: [],
                                   layer1: layer(1), layer2: layer(2), layer3: layer(3), standby: []},
    '/v2/unstable/nym-nodes/skimmed/mixnodes/active': page(mixes),
    '/v2/unstable/nym-nodes/skimmed/entry-gateways': page(entries),
    '/v2/unstable/nym-nodes/skimmed': page([...mixes, ...entries]),
  };
}

async function serve(documents) {
  const server = http.createServer((request, response) => {
    const path = new URL(request.url, 'http://x').pathname.replace(/\/+/g, '/').replace(/^\/api\//, '/');
    response.writeHead(documents[path] ? 200 : 404, {'content-type': 'application/json'});
    response.end(JSON.stringify(documents[path] ?? null));
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return {url: `http://127.0.0.1:${server.address().port}`};
}

// A program at our nym-client, in the text form of docs/api.md.
class App {
  static async open(url) {
    const app = new App();
    app.socket = new Ws(url);
    app.messages = [];
    await new Promise((resolve, reject) => app.socket.once('open', resolve).once('error', reject));
    app.socket.on('message', data => {
      app.messages.push(JSON.parse(data.toString()));
      onTraffic();
    });
    return app;
  }

  send(request) {
    this.socket.send(JSON.stringify(request));
  }
}

// The tag that it hands to its program has no methods; its 16 bytes are where the handle points, after a counter.
function tagText(memory, tag) {
  const bytes = Buffer.from(memory.buffer, tag.__wbg_ptr + 4, 16);
  let number = BigInt(`0x${bytes.toString('hex')}`);
  let text = '';
  for (; number > 0n; number /= 58n) {
    text = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'[Number(number % 58n)] + text;
  }
  return '1'.repeat(bytes.findIndex(byte => byte !== 0)) + text;
}

async function expectFallBack() {
  const probe = await seen('the probe', entry => field(entry, 'type') === 'supportedProtocol');
  await seen('its refusal', entry => entry.socket === probe.socket && field(entry, 'type') === 'error');
  await seen('the first message of the 64-byte handshake', entry => entry.socket > probe.socket &&
    field(entry, 'type') === 'handshakePayload' && field(entry, 'protocol_version') === 1 && field(entry, 'data').length === 64);
  done('asked for the later protocol, was refused, began anew with protocol 1');
  await seen('registration', entry => field(entry, 'type') === 'register' && field(entry, 'status') === true);
  done('registered');
  await seen('authentication', entry => entry.from === 'gateway' && field(entry, 'type') === 'authenticate' && field(entry, 'status'));
  await seen('bandwidth', entry => field(entry, 'available_total') > 0);
  done('authenticated and got bandwidth');
}

// The nodes that dropped packets whose header had a wrong MAC (docs/interop.md).
async function nodesWithBadHeaders() {
  const figures = await (await fetch(`${directory}/metrics`)).text();
  return [...figures.matchAll(/^nym_\w+_dropped_total\{(?=[^}]*bad_header_mac)[^}]*node="(\w+)"[^}]*\} [1-9]/gm)].map(found => found[1]);
}

async function main() {
  const later = await serve(await laterDocuments());
  const nym = require('@nymproject/nym-client-wasm-node');
  const received = [];
  const onMessage = (content, tag) => {
    received.push({text: Buffer.from(content).toString(), tag});
    onTraffic();
  };
  const config = new nym.ClientConfig({id: 'later', nymApi: later.url, nyxd: later.url});
  const client = await nym.NymClient.newWithConfig(config, onMessage, {});
  await expectFallBack();

  const app = await App.open(websocket);
  app.send({type: 'selfAddress'});
  const {address} = await eventually('our address', () => app.messages.find(message => message.type === 'selfAddress'));
  await client.send_regular_message(Buffer.from('in packets of the later kind'), address);

  app.send({type: 'subscribe', events: ['delivery']});
  app.send({type: 'send', recipient: client.selfAddress(), message: 'plain', messageId: 'plain'});
  await eventually('our plain message', () => received.find(message => message.text === 'plain' && !message.tag));
  await eventually('its acknowledgement', () => app.messages.find(message => message.outcome === 'acknowledged'));
  done('received a plain message of ours and acknowledged it');

  app.send({type: 'sendAnonymous', recipient: client.selfAddress(), message: 'who am I?', replySurbs: 20});
  const question = await eventually('our anonymous message', () => received.find(message => message.text === 'who am I?'));
  await client.send_reply(Buffer.from('I cannot know'), tagText(nym.__wasm.memory, question.tag));
  await eventually('the reply', () => app.messages.find(message => message.message === 'I cannot know'));
  done('answered an anonymous message of ours on its reply blocks');

  await seen('packets of the later kind', entry => entry.from === 'client' && entry.size > 2000);
  await seen('their acceptance', entry => field(entry, 'type') === 'send');
  assert(!app.messages.some(message => message.type === 'received' && message.message !== 'I cannot know'));
  for (const deadline = Date.now() + LIMIT; !(await nodesWithBadHeaders()).includes('mix2');) {
    assert(Date.now() < deadline, 'its packets do not end at the second mixnode');
  }
  assert(!(await nodesWithBadHeaders()).includes('mix1'));
  done('its own packets leave the gateway and end at the second mixnode');
}

// A callback of its own that it has dropped is called once when the first socket closes.
process.on('uncaughtException', error => {
  if (error.message !== 'closure invoked recursively or after being dropped') throw error;
});
main().then(() => process.exit(0), error => {
  console.error(error);
  process.exit(1);
});
