// The pages of runs as a person uses them: look, hand in, read a hostile draft safely, approve, and see what a version changed.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSignInLink } from '../../src/ledger/people/sign-in-links.ts';
import { makeSamples } from '../../src/sandbox/media/samples.ts';
import { signIn } from '../harness/signed-in.ts';
import { violations } from '../pages/axe.ts';
import { openPipelinePlace, type PipelinePlace } from '../pipeline/place.ts';
import { markdown } from '../pipeline/specs.ts';
import { type Browser, openBrowser } from './browser.ts';

const LETTER = {
  destination: 'blog',
  zones: { news: 'https://blog.example/news/{slug}/' },
  inputs: [markdown('brief.md')],
  stages: [
    {
      id: 'write',
      runner: 'human',
      asks: 'Write the letter.',
      inputs: ['brief.md'],
      artifacts: [markdown('letter.md')],
    },
    {
      id: 'agree',
      runner: 'builtin',
      uses: 'approve',
      inputs: ['letter.md'],
      artifacts: [{ name: 'approval.json', media_type: 'application/json' }],
      terminal: 'agreed',
    },
  ],
};

const ALBUM = {
  inputs: [markdown('brief.md')],
  stages: [
    {
      id: 'paint',
      runner: 'human',
      inputs: ['brief.md'],
      artifacts: [
        markdown('words.md'),
        { name: 'cover.jpg', media_type: 'image/jpeg' },
        { name: '*.png', media_type: 'image/png' },
      ],
      terminal: 'painted',
    },
  ],
};

const HOSTILE =
  '# A letter\n\n<script>document.title = "taken"</script><img src=x onerror="document.title = \'taken\'">\n';

let place: PipelinePlace;
let browser: Browser;
let page: Page;
let id: string;

beforeAll(async () => {
  place = await openPipelinePlace({ letter: LETTER, album: ALBUM });
  await place.startWorker();
  id = await place.start({
    pipeline: 'letter',
    slug: 'a-letter',
    title: 'A letter',
    files: { 'brief.md': 'To a friend.' },
  });
  await place.untilRun(id, 'waits', ({ run }) => run.state === 'waiting');
  browser = await openBrowser();
  page = await browser.newPage();
  const { secret } = await makeSignInLink(place.stage.context.ledger, place.stage.workspaceId);
  await page.goto(`${place.api.url}/sign-in/${secret}`);
  await page.getByRole('button', { name: 'Sign in' }).click();
});
afterAll(async () => {
  await browser.close();
  await place.close();
});

const visit = (path: string) => page.goto(`${place.api.url}${path}`);
const notice = async () => (await page.locator('.notice').textContent())?.trim();

describe('a person', () => {
  it('finds the run that waits, and what it waits for', async () => {
    await visit('/runs?state=waiting');
    await page.getByRole('link', { name: 'A letter' }).click();
    await page.getByRole('heading', { name: 'Hand in what write makes' }).waitFor();
    expect(await page.locator('[aria-current="step"]').textContent()).toContain('write');
  });

  it('hands in a draft, which is shown as text whatever stands in it', async () => {
    await page.getByLabel('letter.md').fill(HOSTILE);
    await page.getByRole('button', { name: 'Hand in' }).click();
    expect(await notice()).toBe('Handed in; the run goes on.');
    await place.untilRun(id, 'asks', ({ asks }) => asks !== null);
    await visit(`/runs/${id}/artifacts/letter.md`);
    expect(await page.locator('pre.artifact').textContent()).toBe(HOSTILE);
    expect(await page.title()).toContain('letter.md');
    expect(await page.locator('pre.artifact *').count()).toBe(0);
  });

  it('rejects it with a note, goes back, hands in another, sees what changed, and approves that', async () => {
    await visit(`/runs/${id}`);
    await page.getByLabel('Note').fill('Too short.');
    await page.getByRole('button', { name: 'Reject' }).click();
    expect(await notice()).toBe('Rejected.');
    await place.untilRun(id, 'is stopped', ({ run }) => run.state === 'blocked');
    await visit(`/runs/${id}`);
    expect(await page.locator('main').textContent()).toContain('decided against it ("Too short.")');
    await page.getByRole('button', { name: 'Go back' }).click();
    await place.untilRun(id, 'waits at write again', ({ run }) => run.stage === 'write' && run.state === 'waiting');
    await visit(`/runs/${id}`);
    await page.getByLabel('letter.md').fill(`${HOSTILE}\nIt is longer now.\n`);
    await page.getByRole('button', { name: 'Hand in' }).click();
    await place.untilRun(id, 'asks again', ({ asks }) => asks !== null);
    await visit(`/runs/${id}/artifacts/letter.md`);
    expect(await page.locator('pre.diff ins').allTextContents()).toEqual(['+', '+It is longer now.']);
    await visit(`/runs/${id}`);
    await page.getByRole('button', { name: 'Approve' }).click();
    const ended = await place.untilRun(id, 'has ended', ({ run }) => run.state === 'ended');
    expect(ended.run.terminal).toBe('agreed');
    expect(ended.decisions.map(({ verdict }) => verdict)).toEqual(['rejected', 'approved']);
  });

  it('hands in pictures beside a text, as many as there are, and is told of one that is none', async () => {
    const album = await place.start({ pipeline: 'album', slug: 'an-album', files: { 'brief.md': 'Paint.' } });
    await place.untilRun(album, 'waits', ({ run }) => run.state === 'waiting');
    const picture = makeSamples().get('sample.png')?.bytes ?? Buffer.alloc(0);
    const handIn = async (...names: readonly string[]) => {
      await visit(`/runs/${album}`);
      await page.getByLabel('words.md').fill('Two pictures.');
      const files = names.map((name) => ({
        name,
        mimeType: 'image/png',
        buffer: name === 'torn.png' ? Buffer.from('?') : picture,
      }));
      const cover = {
        name: 'from my camera.jpg',
        mimeType: 'image/jpeg',
        buffer: makeSamples().get('sample.jpg')?.bytes ?? Buffer.alloc(0),
      };
      await page.getByLabel('cover.jpg').setInputFiles(cover);
      await page.getByLabel('Pictures, *.png').setInputFiles(files);
      await page.getByRole('button', { name: 'Hand in' }).click();
      return notice();
    };
    expect(await handIn('one.png', 'torn.png')).toContain('"torn.png" is image/png, but its bytes are not.');
    expect(await handIn('one.png', 'two.png')).toBe('Handed in; the run goes on.');
    const ended = await place.untilRun(album, 'has ended', ({ run }) => run.state === 'ended');
    expect(ended.artifacts.map(({ name }) => name).toSorted()).toEqual([
      'brief.md',
      'cover.jpg',
      'one.png',
      'two.png',
      'words.md',
    ]);
  });

  it('starts a run, once the form says what the pipeline wants', async () => {
    await visit('/runs');
    await page.getByRole('link', { name: 'New run' }).click();
    await page.getByLabel('Pipeline').selectOption('letter');
    await page.getByRole('button', { name: 'Choose' }).click();
    await page.getByLabel('Slug').fill('Another Letter');
    await page.getByLabel('Working title').fill('Another letter');
    await page.getByLabel('brief.md').fill('To a friend.\nSoon.\n');
    await page.getByRole('button', { name: 'Start the run' }).click();
    expect(await page.getByRole('alert').textContent()).toContain('Nothing was started');
    expect(await page.locator('#slug-problem').textContent()).toContain('lower-case letters and digits');
    await page.getByLabel('Slug').fill('another-letter');
    await page.getByRole('button', { name: 'Start the run' }).click();
    expect(await notice()).toBe('The run is started.');
    const started = new URL(page.url()).pathname;
    const { artifacts } = await place.look(started.slice('/runs/'.length));
    const { body } = await place.api.ask('GET', artifacts[0]?.href ?? '');
    expect(String(body)).toBe('To a friend.\nSoon.\n');
  });

  it('starts one run by a form that is sent twice', async () => {
    const person = await signIn(place.stage, place.api.url);
    const form = {
      pipeline: 'letter',
      opened: '2026-11-28T08:00:00.000Z',
      slug: 'sent-twice',
      title: '',
      zone: 'news',
      'file:brief.md': 'To a friend.',
    };
    const sent = [await person.post('/runs/new', form), await person.post('/runs/new', form)];
    const led = [303, '/runs/20261128-080000-sent-twice'];
    expect(sent.map(({ status, headers }) => [status, headers.get('location')])).toEqual([led, led]);
  });

  it('meets no barrier on any of the pages, at any width', async () => {
    for (const path of ['/runs', '/runs/new', `/runs/${id}`, `/runs/${id}/artifacts/letter.md`]) {
      expect(await violations(page, `${place.api.url}${path}`)).toEqual([]);
      for (const width of [390, 1024, 1600]) {
        await page.setViewportSize({ width, height: 900 });
        const wider = await page.evaluate('document.documentElement.scrollWidth > window.innerWidth');
        expect([path, width, wider]).toEqual([path, width, false]);
      }
    }
  });
});
