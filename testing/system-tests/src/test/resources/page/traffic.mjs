// A round of the operator at the page: what passes through the broker.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const LEFT_ALONE_MILLIS = 4_000;

export async function walk({ page, client, topic, say, picture }) {
  const view = (name) => page.getByRole('navigation').getByRole('link', { name }).click();
  const content = page.locator('main');
  const count = async () => Number((await page.locator('.foot [role=status]').textContent()).replace(/\D/g, ''));

  await view('Busiest');
  await page.locator(`[data-busiest=topics] [data-name="${topic}"]`).waitFor();
  await picture('busiest');
  const counted = [];
  page.on('request', (request) => request.url().includes('/top?') && counted.push(request.url()));
  await page.waitForRequest(/\/top\?/); // by itself
  await page.locator(`[data-busiest=senders] [data-name="${client}"]`).getByRole('link').click();
  await page.getByRole('heading', { name: client }).waitFor();
  counted.length = 0;
  await page.waitForTimeout(LEFT_ALONE_MILLIS); // longer than from one question to the next
  assert.deepEqual(counted, []);
  say('busiest');

  await content.getByRole('link', { name: 'Trace', exact: true }).click(); // of the client that is looked at
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.getByRole('heading', { name: client }).waitFor();
  const packet = page.getByRole('row', { name: 'PUBLISH' }).filter({ hasText: topic });
  await packet.first().waitFor();
  const seen = await count();
  await page.waitForFunction((before) => Number(document.querySelector('.foot [role=status]').textContent.replace(/\D/g, '')) > before, seen);
  await packet.first().click();
  await page.locator('[data-packet=PUBLISH]', { hasText: 'payloadBytes' }).waitFor();
  await picture('trace');
  const saving = page.waitForEvent('download');
  await content.getByRole('button', { name: 'Download' }).click();
  const lines = readFileSync(await (await saving).path(), 'utf8').trim().split('\n').map(JSON.parse);
  assert.ok(lines.length > 0 && lines.every((one) => one.clientId === client), JSON.stringify(lines[0]));
  say('traced');
  await content.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Stop' }).click();
  await page.locator('[data-gone]').waitFor();
  assert.ok((await count()) >= lines.length, 'what was seen has gone');
  await view('Traces');
  await page.locator('[data-traces="0"]').waitFor();
  say('stopped');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Password').waitFor();
}
