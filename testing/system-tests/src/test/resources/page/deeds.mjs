// A round of the operator at the page: what he does to a session, to somebody who is held off and to a shard, and what is known of that afterwards.
export async function walk({ page, client, topic, say, picture }) {
  const view = (name) => page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
  const content = page.locator('main');
  const button = (name) => content.getByRole('button', { name, exact: true });
  const agree = (name) => page.getByRole('dialog').getByRole('button', { name, exact: true }).click();

  await page.evaluate((id) => (location.hash = `#/sessions/-/${id}`), client);
  await page.locator('.message', { hasText: topic }).first().waitFor();
  await button('Clear the queue').click();
  await agree('Clear the queue');
  await page.getByText(`2 messages of ${client} are given up.`).waitFor();
  await button('Clear the queue').waitFor({ state: 'detached' });
  say('cleared');

  await view('Held off');
  await page.getByRole('row', { name: 'restless' }).waitFor();
  await picture('held-off');
  await page.getByRole('row', { name: 'restless' }).getByRole('button', { name: 'Pardon' }).click();
  await agree('Pardon');
  await page.getByText('restless is pardoned.').waitFor();
  await page.getByText('Nobody is held off.').waitFor();
  say('pardoned');

  await view('Shards');
  const lead = page.locator('[data-shard="0"] [data-lead]').first();
  const store = await lead.getAttribute('data-lead');
  await lead.click();
  await agree('Have it lead');
  await page.locator(`[data-shard="0"] td:nth-child(3) a[href$="${store}"]`).waitFor(); // it leads
  await picture('shards');
  say('led');

  await view('Nodes');
  await page.locator('tr', { hasText: 'Gateway' }).getByRole('link').first().click();
  await page.locator('tr[data-listener=ws]', { hasText: 'takes connections' }).waitFor();
  await picture('listeners');
  say('listeners');

  await view('Audit');
  for (const done of ['PUT /api/v1/shards/0/leader', 'POST /api/v1/bans/pardons', `DELETE /api/v1/sessions/${client}/messages`]) {
    await page.getByRole('row', { name: `root: ${done}` }).first().waitFor();
  }
  await page.keyboard.press('/');
  await page.keyboard.type('nobody');
  await page.getByText('Nobody of that name has done anything.').waitFor();
  await picture('audit');
  say('read');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Password').waitFor();
}
