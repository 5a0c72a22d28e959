// An operator at the page, in Chromium by Playwright. Says each thing that he sees on a line of its own, and goes on by himself.
// node operator.mjs PAGE NAME PASSWORD LISTENER CLIENT TOPIC PICTURES [ROUND]: with one, he does what is in the file of that name instead.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

const { chromium } = createRequire(`${process.env.VMQTT_NODE_MODULES}/x`)('playwright-core');
const [, , address, name, password, listener, client, topic, pictures, round] = process.argv;
const PATIENCE_MILLIS = 90_000;
const say = (line) => process.stdout.write(`${line}\n`);

setTimeout(() => {
  say('it takes too long');
  process.exit(2);
}, 6 * PATIENCE_MILLIS).unref();

const browser = await chromium.launch({
  executablePath: process.env.PATH.split(':').map((folder) => `${folder}/chromium`).find(existsSync),
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-US' });
page.setDefaultTimeout(PATIENCE_MILLIS);
const complaints = [];
page.on('pageerror', (error) => complaints.push(error.stack));
page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
const forgive = (pattern) => complaints.splice(0, complaints.length, ...complaints.filter((one) => !pattern.test(one)));
const strangers = [];
page.on('request', (request) => new URL(request.url()).origin === address || strangers.push(request.url()));
const picture = (file) => page.screenshot({ path: `${pictures}/${file}.png` });

try {
  await page.goto(`${address}/`);
  await page.getByLabel('Operator').fill(name);
  await page.getByLabel('Password').fill('wrong');
  await page.keyboard.press('Enter');
  await page.getByText('the name or the password is wrong').waitFor();
  assert.match(complaints.pop(), /401/);
  await page.getByLabel('Password').fill(password);
  await page.keyboard.press('Enter');
  await page.locator('[data-troubles="0"]').waitFor();
  say('signed in');
  await (round ? (await import(`./${round}.mjs`)).walk({ page, client, topic, say, forgive, picture }) : watch());
  assert.deepEqual(complaints, []);
  assert.deepEqual(strangers, []);
  say('signed out'); // the last of all: whoever leads ends this with it
} catch (failure) {
  await picture('failure').catch(() => {});
  say(`failed: ${failure.stack} ${complaints.join('\n')}`);
  process.exitCode = 1;
} finally {
  await browser.close();
}

async function watch() {
  await page.getByRole('link', { name: 'Clients', exact: true }).click();
  await page.getByRole('row').nth(20).waitFor();
  const grid = page.locator('.grid');
  while (!(await page.getByText('in all').isVisible())) {
    await grid.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await page.waitForTimeout(20); // for a frame, in which it loads what comes into view
  }
  const count = (await page.locator('.foot [role=status]').textContent()).replace(/\D/g, '');
  say(`listed ${count}`);
  const last = page.locator(`[data-row="${count - 1}"]`);
  await grid.evaluate((element) => element.scrollTo(0, element.scrollHeight - element.clientHeight - 640)); // so that some rows stay
  await last.waitFor({ state: 'detached' });
  await grid.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await last.waitFor();
  assert.ok((await page.locator('.rows .row').count()) < 100, 'all rows are in the document');
  await page.locator('.grid [tabindex="0"][role=row]').or(page.locator('.rows .row').first()).first().focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-rowindex')), '3');

  await page.keyboard.press('/');
  await page.keyboard.type(client.slice(1));
  await page.getByText('1 in all').waitFor();
  await page.getByRole('row', { name: client }).click();
  await page.getByRole('heading', { name: client }).waitFor();
  say('found');
  await page.getByRole('button', { name: 'Disconnect' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click();
  await page.getByText('This client is not connected.').waitFor();
  say('disconnected');

  await page.getByRole('link', { name: 'MQTT client' }).click();
  await page.getByLabel('Listener for WebSockets').fill(listener);
  forgive(/404/); // as it has to be; only here nobody asks for the client any more
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.locator('[data-state=open]').waitFor();
  await page.getByLabel('Filter').fill(`${topic}/#`);
  await page.getByLabel('QoS').first().selectOption('2');
  await page.getByRole('button', { name: 'Subscribe' }).click();
  await page.locator('.chip-row').waitFor();
  say('subscribed');
  await page.getByText('<b>from elsewhere</b><img src=x>').waitFor(); // as text
  await page.getByLabel('Topic', { exact: true }).fill(`${topic}/own`);
  await page.getByLabel('Payload').fill('from the page');
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  await page.locator('.message', { hasText: 'from the page' }).waitFor();
  await picture('mqtt');
  say('received');
  await page.getByLabel('Show as').selectOption('tree');
  await page.getByRole('treeitem').first().focus();
  await page.keyboard.press('ArrowRight');
  await page.locator(`[data-topic="${topic}/news"]`).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.locator(`[data-topic="${topic}/news"]:focus`).waitFor();
  await page.locator(`[data-topic="${topic}/own"]`, { hasText: 'from the page' }).waitFor();
  await picture('topics');

  await page.getByRole('link', { name: 'Nodes' }).click();
  await page.locator('.pulse[data-health=good]').waitFor();
  assert.equal(await page.locator('tr[data-health=critical]').count(), 0);
  say('green');
  await page.locator('.pulse[data-health=bad]').waitFor();
  await page.locator('tr[data-health=critical]').waitFor();
  await page.locator('.picture .node.bad').waitFor();
  await picture('nodes-red');
  say(`red ${await page.locator('tr[data-health=critical]').getAttribute('data-node')}`);
  await page.locator('.pulse[data-health=good]').waitFor();
  assert.equal(await page.locator('.picture .node.bad').count(), 0);
  forgive(/^Failed to load resource: .* status of 50[34]\b/); // what needed the store that was away
  say('green again');

  await page.getByLabel('Language').selectOption('zh');
  await page.getByRole('heading', { name: '节点' }).waitFor();
  await page.getByRole('button', { name: '退出' }).click();
  await page.getByLabel('密码').waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
}
