// What both suites in a browser need: Chromium that reaches nothing but this machine, and pages served to it.
import {createRequire} from 'node:module';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';

export const LIMIT = 150_000; // milliseconds for any one thing to happen

export function modulesIn(folder) {
  return createRequire(path.join(folder, 'none.js'));
}

// Messages that can be awaited one by one.
export class Queue {
  constructor() {
    this.items = [];
    this.changed = () => {};
  }

  push(item) {
    this.items.push(item);
    this.changed();
  }

  // Takes the oldest one that fits.
  async next(what, fits = () => true) {
    const late = Symbol('late');
    let timer;
    const deadline = new Promise(resolve => { timer = setTimeout(resolve, LIMIT, late); });
    try {
      for (;;) {
        const index = this.items.findIndex(fits);
        if (index >= 0) return this.items.splice(index, 1)[0];
        const change = new Promise(resolve => { this.changed = resolve; });
        if (await Promise.race([change, deadline]) === late) {
          throw new Error(`${what} did not come; there is: ${JSON.stringify(this.items).slice(0, 2000)}`);
        }
      }
    } finally {
      clearTimeout(timer);
    }
  }
}

// Serves {path: [content type, content or file]} on a free port of this machine.
export async function serve(files) {
  const server = http.createServer((request, response) => {
    const found = files[new URL(request.url, 'http://x').pathname];
    if (!found) return response.writeHead(404).end();
    const [type, content] = found;
    response.writeHead(200, {'content-type': type});
    response.end(path.isAbsolute(content) ? fs.readFileSync(content) : content);
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return server;
}

// `hosts` maps further names to this machine. Every other name is unknown, and every other address is refused.
export class Browser {
  static async launch(modules, executable, hosts = {}) {
    const {chromium} = modules('playwright-core');
    const rules = [...Object.entries(hosts).map(([host, port]) => `MAP ${host} 127.0.0.1:${port}`), 'MAP * ~NOTFOUND',
                   'EXCLUDE 127.0.0.1', 'EXCLUDE localhost'];
    const browser = new Browser();
    browser.known = new Set(['127.0.0.1', ...Object.keys(hosts)]);
    browser.strangers = new Set();
    browser.chromium = await chromium.launch({
      executablePath: executable,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
             '--disable-component-update', '--disable-sync', `--host-resolver-rules=${rules.join(', ')}`],
    });
    return browser;
  }

  // A page with a storage of its own. `console` gets what it prints.
  async open(url, console) {
    const context = await this.chromium.newContext();
    await context.route(address => !this.known.has(address.hostname) && address.protocol.startsWith('http'), route => {
      this.strangers.add(route.request().url());
      return route.abort();
    });
    const page = await context.newPage();
    page.on('console', message => console.push(message.text()));
    page.on('pageerror', error => console.push(String(error)));
    await page.goto(url);
    return page;
  }

  // Fails if a page asked for anything outside.
  async close() {
    await this.chromium.close();
    if (this.strangers.size) throw new Error(`asked for outside addresses: ${[...this.strangers].join(' ')}`);
  }
}
