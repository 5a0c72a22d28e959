// A round of the operator at the page: what passes through the broker.
import assert from 'node:assert/strict';

const LEFT_ALONE_MILLIS = 4_000;

export async function walk({ page, client, topic, say, picture }) {
  const view = (name) => page.getByRole('navigation').getByRole('link', { name }).click();
  const content = page.locator('main');

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
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Password').waitFor();
}
