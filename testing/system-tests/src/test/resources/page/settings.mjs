// A round of the operator at the page: what is wrong, what holds, why, and what is said for the whole cluster.
import assert from 'node:assert/strict';

export async function walk({ page, client, topic, say, forgive, picture }) {
  const view = (name) => page.getByRole('navigation').getByRole('link', { name }).click();
  const content = page.locator('main');
  const button = (name) => content.getByRole('button', { name, exact: true });
  const agree = (name) => page.getByRole('dialog').getByRole('button', { name }).click();

  await view('Alarms');
  await page.locator('[data-alarms]').waitFor();
  await page.getByRole('heading', { name: 'Over' }).waitFor();
  say('alarms');

  await view('Configuration');
  await page.locator('tr[data-option]').first().waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('operators');
  await page.locator('tr[data-option=operators]', { hasText: 'command line' }).getByRole('link').first().click();
  await page.getByRole('heading', { name: 'Configuration of' }).waitFor();
  await page.locator('tr[data-logger=ROOT]').waitFor();
  await page.getByLabel('Class, package or ROOT').fill('io.vmqtt.registry.web');
  await page.getByLabel('Level').selectOption('DEBUG');
  await button('Set').click();
  const changed = page.locator('tr[data-logger="io.vmqtt.registry.web"]', { hasText: 'changed' });
  await changed.waitFor();
  await changed.getByRole('button').click();
  await changed.waitFor({ state: 'detached' });
  await picture('configuration');
  say('configured');

  await page.evaluate((id) => (location.hash = `#/clients/-/${id}`), client);
  await content.getByRole('link', { name: 'Explain' }).click();
  await page.getByLabel('Topic').fill(`${topic}/a`);
  await button('Explain').click();
  await page.locator('[data-verdict=delivered]').waitFor();
  await page.locator('[data-step=subscription][data-outcome=ok]').waitFor();
  await page.getByLabel('Topic').fill('elsewhere');
  await page.keyboard.press('Enter');
  await page.locator('[data-verdict=not]').waitFor();
  await page.locator('[data-step=subscription][data-outcome=stop]').waitFor();
  await picture('explain');
  say('explained');

  await page.evaluate((id) => (location.hash = `#/clients/-/${id}`), client);
  await content.getByRole('link', { name: 'Ban', exact: true }).click();
  await page.getByLabel('Reason').fill('<b>stolen</b>');
  await button('Ban').click();
  await button('Take it back').waitFor();
  say('banned');
  await view('Bans');
  await page.getByRole('row', { name: client }).click();
  await page.getByText('<b>stolen</b>').waitFor(); // as text
  await button('Take it back').click();
  await agree('Take it back');
  await page.locator('[data-banned=false]').waitFor();
  say('pardoned');

  await view('Access rules');
  await page.getByText('There are no rules').waitFor();
  await button('Edit').click();
  await page.getByRole('textbox').fill('rules:\n  - permit: publish');
  await button('Have it be in force').click();
  await page.locator('[data-refused="400"]').waitFor();
  forgive(/400/);
  await page.getByRole('textbox').fill(`rules:\n  - deny: subscribe\n    topics: ${topic}/secret\n  - default: allow`);
  say('writes');
  await page.locator('[data-overtaken]').waitFor(); // somebody else has said something meanwhile
  assert.ok(await button('Have it be in force').isDisabled());
  await button('I have read it').click();
  await button('Have it be in force').click();
  await page.locator('[data-content]', { hasText: `${topic}/secret` }).waitFor();
  say('changed');
  await page.locator('tr[data-version]').nth(1).getByRole('link').click();
  await page.getByRole('heading', { name: 'Access rules, version' }).waitFor();
  await picture('version');
  await button('Have it be in force again').click();
  await agree('Have it be in force again');
  await page.getByRole('heading', { name: 'Access rules', exact: true }).waitFor();
  await page.locator('[data-content]', { hasText: `${topic}/other` }).waitFor();
  say('restored');

  await view('Namespaces');
  await page.locator('[data-readonly]').waitFor();
  await page.locator('[data-content]', { hasText: 'connections: 1000' }).waitFor();
  assert.equal(await button('Edit').count(), 0);
  say('read only');

  await view('API');
  await page.getByRole('searchbox').fill('leader');
  await page.locator('[data-api=shards] summary').click();
  await page.locator('[data-api=shards]', { hasText: 'epoch: integer' }).waitFor();
  await picture('api');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Password').waitFor();
}
