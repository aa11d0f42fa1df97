// Looking again at a published run, as a person does it on its page, without scripts; and what stands on the recovery page where a post
// was found otherwise.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violations } from '../pages/axe.ts';
import { newPerson, signIn } from '../pages/person.ts';
import { openRecheckPlace, type RecheckPlace } from '../pipeline/recheck-place.ts';
import { looksOver } from './accessible.ts';
import { type Browser, openBrowser } from './browser.ts';

let at: RecheckPlace;
let browser: Browser;
let scripted: Browser;
let page: Page;
let id: string;

beforeAll(async () => {
  at = await openRecheckPlace();
  id = await at.published('the-sea');
  browser = await openBrowser({ javaScriptEnabled: false });
  page = await browser.newPage();
  await signIn(page, at.place.api.url, await newPerson(at.place.stage, 'operator', 'Olga'));
  scripted = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  await scripted.close();
  await at.close();
});

const url = (path: string) => `${at.place.api.url}${path}`;
const section = () => page.getByRole('region', { name: 'The public page, since' });
const press = async (count: number) => {
  await page.goto(url(`/runs/${id}`));
  await page.getByRole('button', { name: 'Check the public page again' }).click();
  expect((await page.locator('.notice').textContent())?.trim()).toBe(
    'The public page is being looked at; what is found stands here in a moment.',
  );
  await at.untilEnded(id, count);
  await page.goto(url(`/runs/${id}`));
};
const edit = (html: string) => {
  const before = at.site.pages.get('the-sea') ?? expect.unreachable('it is not there');
  at.site.pages.set('the-sea', { ...before, html });
};

describe('a person without scripts', () => {
  it('has the page of a published run looked at again, and reads that it stands', async () => {
    await page.goto(url(`/runs/${id}`));
    expect(await section().textContent()).toContain('Nobody has looked at it again since it was published.');
    await press(1);
    const told = await section().innerText();
    expect(told).toContain('Live as published');
    expect(told).toContain('asked for by Olga');
    expect(told).toContain('All 8 checks hold.');
  });

  it('reads what differs, whose it is and what to do, there and on the recovery page', async () => {
    edit('<p>It is narrow.</p><h2>The shore</h2><p>There is sand on it.</p>');
    await press(2);
    const told = await section().innerText();
    expect(told).toContain(
      'See what differs, then mend the page where it is published and check it again, or say that it is meant so.',
    );
    expect(told).toContain('Nothing was changed there, and nothing is published again by itself.');
    const row = section().getByRole('row', { name: 'Its headings and text are there' });
    expect(await row.textContent()).toContain('missing: "It is wide, and it is deep."');
    await page.goto(url('/'));
    const found = page.getByRole('region', { name: /Published, but found changed or gone/ });
    const words = await found.innerText();
    expect(words).toContain('Changed since it was published');
    expect(words).toContain('page_differs');
    expect(words).toContain('nightly');
    await found.getByRole('link', { name: 'See what was found' }).click();
    expect(new URL(page.url()).pathname).toBe(`/runs/${id}`);
    await page.goto(url('/runs?finding=true'));
    expect(await page.locator('main').innerText()).toContain('Changed since it was published');
  });

  it('finds it gone where it was taken away, and the newest look first', async () => {
    at.site.pages.delete('the-sea');
    await press(3);
    const states = await section().locator('li .state').allTextContents();
    expect(states).toEqual(['Gone since it was published', 'Changed since it was published', 'Live as published']);
  });

  it('says that it is meant so, and why', async () => {
    await page.goto(url(`/runs/${id}`));
    await page.getByLabel('Why it is meant so').fill('We took it back.');
    await page.getByRole('button', { name: 'It is meant so' }).click();
    expect((await page.locator('.notice').textContent())?.trim()).toBe(
      'It is meant so, and found wrong no more while it stays exactly that.',
    );
    expect(await section().innerText()).toMatch(/Meant so, says Olga .+ “We took it back.”/);
    await page.goto(url('/'));
    expect(await page.getByRole('region', { name: /Published, but found/ }).count()).toBe(0);
  });

  it('sees why it cannot be pressed: by a viewer, and where nobody checks the page', async () => {
    const unseen = await at.published('unseen', 'unseen');
    await page.goto(url(`/runs/${unseen}`));
    expect(await section().innerText()).toContain('No stage of its pipeline checks the public page');
    const viewer = await scripted.newPage();
    await signIn(viewer, at.place.api.url, await newPerson(at.place.stage, 'viewer', 'Vera'));
    await viewer.goto(url(`/runs/${id}`));
    const told = await viewer.getByRole('region', { name: 'The public page, since' }).innerText();
    expect(told).toContain('Checking again needs the role operator, and yours is viewer.');
  });

  it('meets no barrier, at any width, light or dark', async () => {
    const before = await at.published('the-land');
    at.site.pages.delete('the-land');
    await at.looked(before);
    const seen = await scripted.newPage();
    await signIn(seen, at.place.api.url, await newPerson(at.place.stage, 'operator', 'Otto'));
    for (const path of ['/', `/runs/${id}`, `/runs/${before}`, '/runs?finding=true']) {
      expect(await violations(seen, url(path))).toEqual([]);
      await looksOver(seen, url(path));
    }
  });
});
