// The command line brings a run from its brief to its page, and past a page that stands in the way.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clientOfNobody, openApi } from '../api/open-api.ts';
import { oncepost } from '../harness/program.ts';
import { connectSite } from '../mcp/stage-sites.ts';
import { type BlogSite, blogServer, startBlogSite } from '../pipeline/blog-site.ts';
import { openPipelinePlace, type PipelinePlace } from '../pipeline/place.ts';
import { builtin, markdown } from '../pipeline/specs.ts';

let site: BlogSite;
let place: PipelinePlace;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oncepost-runs-'));
  site = await startBlogSite();
  place = await openPipelinePlace(
    {
      letter: {
        destination: 'blog',
        zones: { news: `${site.url}/news/{slug}/` },
        inputs: [markdown('brief.md')],
        stages: [
          { id: 'type', runner: 'human', inputs: ['brief.md'], artifacts: [markdown('letter.md')] },
          builtin('approve', ['letter.md'], 'approval.json'),
          builtin('publish', ['approval.json', 'letter.md'], 'publish-result.json'),
          builtin('live_qa', ['publish-result.json', 'letter.md'], 'live-qa.json', { terminal: 'published' }),
        ],
      },
    },
    { mcp_servers: { blog: blogServer(site) } },
  );
  await connectSite(place.stage, 'blog');
  await place.startWorker();
  await writeFile(join(folder, 'brief.md'), 'About the sea.');
  await writeFile(join(folder, 'letter.md'), '# The sea\n\nIt is wide.\n');
});
afterAll(async () => {
  await place.close();
  await site.close();
  await rm(folder, { recursive: true });
});

const runs = (...args: readonly string[]) =>
  oncepost(['runs', ...args], {
    ONCEPOST_DATA: place.stage.folder,
    ONCEPOST_URL: place.api.url,
    ONCEPOST_API_KEY: place.api.key,
  });
const start = (slug: string) =>
  runs('start', '--pipeline', 'letter', '--slug', slug, '--brief', join(folder, 'brief.md'));
const untilState = (id: string, stage: string, state: string) =>
  place.untilRun(id, `is ${state} at ${stage}`, ({ run }) => run.stage === stage && run.state === state);

async function startedId(slug: string): Promise<string> {
  const { stdout } = await start(slug);
  const [, id] = /^Run (\d{8}-\d{6}-[a-z-]+) of letter\.$/m.exec(stdout) ?? [];
  if (id === undefined) throw new TypeError(`no run was started: ${stdout}`);
  return id;
}

async function approvedAnew(id: string): Promise<void> {
  const { asks } = await place.untilRun(id, 'asks', (view) => view.asks !== null);
  const { stdout } = await runs('show', id);
  expect(stdout).toContain(`oncepost runs approve ${id} --fingerprint ${asks?.fingerprint}`);
  expect(await runs('approve', id, '--fingerprint', asks?.fingerprint ?? '')).toMatchObject({
    code: 0,
    stdout: 'Approved; the run goes on.\n',
  });
}

it('starts a run, hands in what it waits for, approves it and writes what was made', async () => {
  const id = await startedId('at-sea');
  await untilState(id, 'type', 'waiting');
  expect(await runs('list', '--state', 'waiting')).toMatchObject({ stdout: `${id}  letter  waiting  type\n` });
  expect(await runs('submit', id, 'type', folder)).toMatchObject({ code: 0 });
  await approvedAnew(id);
  await place.untilRun(id, 'is published', ({ run }) => run.terminal === 'published');
  expect((await runs('show', id)).stdout).toContain(`${id}  letter  published\n`);
  const pulled = join(folder, 'pulled');
  expect(await runs('pull', id, pulled)).toMatchObject({ code: 0 });
  expect(await readFile(join(pulled, 'letter.md'), 'utf8')).toBe('# The sea\n\nIt is wide.\n');
  expect(site.creates()).toBe(1);
});

it('shows what stands in the way, and takes another slug or that page', async () => {
  const before = site.creates();
  const [renamed, adopted] = [await startedId('taken'), await startedId('owned')];
  for (const [id, slug] of [
    [renamed, 'taken'],
    [adopted, 'owned'],
  ] as const) {
    await untilState(id, 'type', 'waiting');
    const page = { slug, zone: 'news', title: 'The sea', html: '<p>Something else.</p>', key: null };
    site.pages.set(slug, { id: `hand-${slug}`, status: 'published', ...page });
    await runs('submit', id, 'type', folder);
    await approvedAnew(id);
    await untilState(id, 'publish', 'blocked');
  }
  const shown = (await runs('show', adopted)).stdout;
  expect(shown).toContain(`In the way: page hand-owned at ${site.url}/news/owned/. Another content is live there.`);
  expect(shown).toMatch(/^ {2}[\w ]+: planned ".+", seen ".+"$/m);
  expect(await runs('adopt', adopted, 'another')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('That is not the page that stands in its way'),
  });
  expect(await runs('adopt', adopted, 'hand-owned', '--note', 'it is ours')).toMatchObject({ code: 0 });
  await place.untilRun(adopted, 'is published', ({ run }) => run.terminal === 'published');
  expect(await runs('rename', renamed, 'free')).toMatchObject({ code: 0 });
  await approvedAnew(renamed);
  await place.untilRun(renamed, 'is published', ({ run }) => run.terminal === 'published');
  expect(site.creates()).toBe(before + 1);
});

it('says that a run is stored and starts later, where Temporal is away, and what was said to which of its stages', async () => {
  const away = await openApi(place.stage, { client: clientOfNobody() });
  const args = ['runs', 'start', '--pipeline', 'letter', '--slug', 'later', '--brief', join(folder, 'brief.md')];
  const { stdout } = await oncepost(args, {
    ONCEPOST_DATA: place.stage.folder,
    ONCEPOST_URL: away.url,
    ONCEPOST_API_KEY: away.key,
  });
  await away.close();
  expect(stdout).toMatch(
    /^Run \S+ of letter\. Temporal could not be reached in time: it is stored, and starts by itself within minutes\.\n$/,
  );
  const [, id = ''] = /^Run (\S+) of/.exec(stdout) ?? [];
  expect(await runs('submit', id, 'type', folder)).toMatchObject({ code: 0 });
  await untilState(id, 'approve', 'waiting');
  expect(await runs('retry', id, '--stage', 'type')).toMatchObject({ code: 0 });
  expect((await runs('show', id)).stdout).toMatch(
    /^Messages\n {2}submit at type {2}.+accepted\n {2}retry at type {2}.+ accepted$/m,
  );
});

it('says in one sentence why nothing was started', async () => {
  expect(await runs('start', '--pipeline', 'nope', '--slug', 'x', '--brief', join(folder, 'brief.md'))).toMatchObject({
    code: 1,
    stderr:
      'The run was refused and nothing was stored: pipeline "nope" is no pipeline of this server (one of letter).\n',
  });
  expect(await runs('resume', '20261128-070000-nowhere')).toMatchObject({ code: 1 });
});

it('checks a published run again, and tells what was found and what to do', async () => {
  const id = await startedId('looked-at');
  await untilState(id, 'type', 'waiting');
  await runs('submit', id, 'type', folder);
  await approvedAnew(id);
  await place.untilRun(id, 'is published', ({ run }) => run.terminal === 'published');
  expect(await runs('recheck', id)).toMatchObject({
    code: 0,
    stdout: 'live: the post stands there as it was published. All 8 checks hold.\n',
  });
  site.pages.delete('looked-at');
  const found =
    'gone: nothing stands there any more. The address answers 404.\n' +
    'Find out who took it away, then put it back where it was published and check it again, or say that it is meant so.\n';
  expect(await runs('recheck', id)).toMatchObject({ code: 0, stdout: found });
  expect(await runs('list', '--finding')).toMatchObject({
    stdout: `${id}  letter  published  live_qa  found gone\n`,
  });
  const shown = (await runs('show', id)).stdout;
  expect(shown).toMatch(
    /^Checked again\n {2}\S+ {2}gone {2}The address answers 404\.\n {2}\S+ {2}live {2}All 8 checks hold\.$/m,
  );
  expect(await runs('accept', id, '--note', 'We took it back.')).toMatchObject({
    code: 0,
    stdout: 'Accepted; it is found wrong no more while it stays gone exactly so.\n',
  });
  expect(await runs('list', '--finding')).toMatchObject({ stdout: 'No runs.\n' });
  const waits = await startedId('not-yet');
  expect(await runs('recheck', waits)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(
      'The run has not ended with its post published, so there is nothing to check again',
    ),
  });
});
