// Two people chat with the page of docs/examples/web-chat, each at a client of their own.
//
//     web-chat.mjs MODULES CHROMIUM PAGE_FOLDER ALLOWED_ORIGIN REFUSED_ORIGIN WEBSOCKET WEBSOCKET [PICTURE]
import path from 'node:path';
import {Browser, LIMIT, modulesIn, serve} from './browser.mjs';

const [modules, chromium, folder, allowed, refused, first, second, picture] = process.argv.slice(2);

async function seeText(page, selector, text) {
  await page.locator(selector).filter({hasText: text}).first().waitFor({timeout: LIMIT});
}

async function open(browser, origin, client) {
  const page = await browser.open(`${origin}/?client=${encodeURIComponent(client)}`, {push: text => console.error(text)});
  return page;
}

async function join(browser, client) {
  const page = await open(browser, allowed, client);
  await seeText(page, '#state', /^connected$/);
  return {page, address: await page.locator('#own').textContent()};
}

async function write(page, text) {
  await page.locator('#text').fill(text);
  await page.getByRole('button', {name: 'Send'}).click();
}

async function chat(browser) {
  const [alice, bob] = [await join(browser, first), await join(browser, second)];
  console.log('allowed origin: both pages are connected');

  await alice.page.locator('#to').fill(bob.address);
  await write(alice.page, 'hello bob 😀');
  await seeText(bob.page, '.message', 'hello bob 😀');
  await seeText(alice.page, '.message.mine small', 'delivered');
  await bob.page.getByRole('button', {name: 'answer'}).click();
  await write(bob.page, 'hello alice');
  await seeText(alice.page, '.message:not(.mine)', 'hello alice');
  console.log('a message and an answer, with addresses');

  await alice.page.locator('#to').fill(bob.address);
  await alice.page.locator('#anonymous').check();
  await write(alice.page, 'guess who');
  await seeText(bob.page, '.message', /guess who.*somebody/s);
  await bob.page.getByRole('button', {name: 'answer'}).last().click();
  await write(bob.page, 'I cannot know');
  await seeText(alice.page, '.message:not(.mine)', 'I cannot know');
  console.log('an anonymous message and an answer on its reply blocks');
  if (picture) await bob.page.screenshot({path: picture});
}

async function beRefused(browser) {
  const page = await open(browser, refused, first);
  await seeText(page, '#state', `may ${refused} use it?`);
  if (await page.locator('#own').textContent() !== '') throw new Error('a page of another origin got the address');
  console.log('refused origin: no connection');
}

const server = await serve({'/': ['text/html', path.join(path.resolve(folder), 'index.html')], '/favicon.ico': ['image/x-icon', '']});
const {port} = server.address();
const browser = await Browser.launch(modulesIn(modules), chromium,
                                     {[new URL(allowed).hostname]: port, [new URL(refused).hostname]: port});
try {
  await chat(browser);
  await beRefused(browser);
} finally {
  await browser.close();
  server.close();
}
