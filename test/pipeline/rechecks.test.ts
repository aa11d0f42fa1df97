// A run that is published, looked at again later: what stands there is told, a person is asked where it is otherwise, and nothing is
// published, made or overwritten. A look that failed says nothing.
import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { workspaces } from '../../src/ledger/schema/accounts.ts';
import { runRechecks } from '../../src/ledger/schema/rechecks.ts';
import { armCrash, census, crashPending, holdAt } from '../harness/crash-file.ts';
import { until } from '../harness/until.ts';
import type { BlogPage } from './blog-site.ts';
import { openRecheckPlace, type RecheckPlace } from './recheck-place.ts';

let at: RecheckPlace;
beforeAll(async () => {
  at = await openRecheckPlace();
});
afterEach(() => at.site.outOfOrder(null));
afterAll(() => at.close());

const pageOf = (slug: string): BlogPage => at.site.pages.get(slug) ?? expect.unreachable(`${slug} is not there`);
const edit = (slug: string, html: string) => at.site.pages.set(slug, { ...pageOf(slug), html });
const ask = (method: string, path: string, asked: object = {}) => at.place.api.ask(method, path, asked);
const foundRuns = async () => (await at.place.api.client().runs.list({ finding: true })).runs.map(({ id }) => id);
const kinds = async (id: string) => {
  const { traceId: trace } = (await at.place.look(id)).run;
  const { events } = await at.place.api.client().activity({ trace });
  return events.map(({ type }) => type).filter((type) => type.startsWith('run.recheck'));
};

describe('a published run that is checked again', () => {
  it('is live where its page stands as it was published, and nothing else happens to it', async () => {
    const id = await at.published('stands');
    const before = { creates: at.site.creates(), page: pageOf('stands'), run: (await at.place.look(id)).run };
    const { view, last } = await at.looked(id);
    expect(last).toMatchObject({
      verdict: 'live',
      says: 'All 8 checks hold.',
      address: `${at.site.url}/news/stands/`,
      askedBy: { type: 'API_KEY', label: 'nightly' },
      looks: [{ verdict: 'live', status: 200, url: `${at.site.url}/news/stands/` }],
    });
    expect(last?.looks[0]?.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(last?.checks.map(({ check, ok }) => [check, ok])).toEqual([
      ['status', true],
      ['address', true],
      ['canonical_url', true],
      ['title', true],
      ['content', true],
      ['markers', true],
      ['placeholders', true],
      ['images', true],
    ]);
    expect(view.run).toEqual(before.run);
    expect(at.site.creates()).toBe(before.creates);
    expect(pageOf('stands')).toEqual(before.page);
    expect(await kinds(id)).toEqual(['run.rechecked', 'run.recheck_asked']);
  });

  it('is found changed where its text is another, until it is mended', async () => {
    const id = await at.published('edited');
    const { html } = pageOf('edited');
    edit('edited', '<p>It is wide.</p><h2>The shore</h2><p>There is sand on it.</p>');
    const creates = at.site.creates();
    const { view, last } = await at.looked(id);
    expect(last).toMatchObject({ verdict: 'changed', looks: [{ verdict: 'changed' }, { verdict: 'changed' }] });
    expect(view.run).toMatchObject({ state: 'ended', terminal: 'published' });
    expect(view.run.finding).toMatchObject({
      recheckId: last?.id,
      verdict: 'changed',
      cause: { code: 'page_differs', nextAction: 'mend_then_retry' },
      nextStep:
        'See what differs, then mend the page where it is published and check it again, or say that it is meant so.',
      owner: { role: 'creator', label: 'nightly', type: 'API_KEY' },
    });
    expect(view.run.finding?.cause.text).toContain('missing: "It is wide, and it is deep."');
    expect(await foundRuns()).toContain(id);
    edit('edited', html);
    const mended = await at.looked(id);
    expect(mended.last?.verdict).toBe('live');
    expect(mended.view.run.finding).toBeNull();
    expect(mended.view.rechecks.map(({ verdict }) => verdict)).toEqual(['live', 'changed']);
    expect(await foundRuns()).not.toContain(id);
    expect(at.site.creates()).toBe(creates);
  });

  it('is found gone where nothing stands there at two looks, and stays so while it cannot be read', async () => {
    const id = await at.published('deleted');
    at.site.pages.delete('deleted');
    const { view, last } = await at.looked(id);
    expect(last).toMatchObject({
      verdict: 'gone',
      says: 'The address answers 404.',
      looks: [
        { verdict: 'gone', status: 404 },
        { verdict: 'gone', status: 404 },
      ],
    });
    expect(view.run.finding).toMatchObject({ verdict: 'gone', cause: { code: 'page_differs' } });
    at.site.outOfOrder(503);
    const away = await at.looked(id);
    expect(away.last).toMatchObject({ verdict: 'unreadable' });
    expect(away.view.run.finding).toMatchObject({ recheckId: last?.id, verdict: 'gone' });
  });

  it.each([
    [503, 'The address answers 503, which shows no page.'],
    [403, 'The address answers 403, which shows no page.'],
    [429, 'The address answers 429, which shows no page.'],
  ])('is unreadable while its site answers %i, which finds nothing', async (status, says) => {
    const id = await at.published(`answers-${status}`);
    at.site.outOfOrder(status);
    const { view, last } = await at.looked(id);
    expect(last).toMatchObject({ verdict: 'unreadable', says });
    expect(last?.looks.map(({ verdict }) => verdict)).toEqual(['unreadable', 'unreadable', 'unreadable']);
    expect(view.run.finding).toBeNull();
    expect(await foundRuns()).not.toContain(id);
  });

  it('whose post a person took as it stood is held to its address, and not to the planned text', async () => {
    const made = { id: 'by-hand', slug: 'taken', zone: 'news', status: 'published', key: null } as const;
    at.site.pages.set('taken', { ...made, title: 'The land', html: '<p>It is high.</p>' });
    const id = await at.start('taken');
    const { conflict } = await at.place.untilRun(id, 'is stopped', ({ run }) => run.state === 'blocked');
    await ask('POST', `/api/runs/${id}/adopt`, { json: { pageId: conflict?.pageId } });
    await at.place.untilRun(id, 'is published', ({ run }) => run.terminal === 'published');
    expect((await at.looked(id)).last).toMatchObject({ verdict: 'live', says: 'All 5 checks hold.' });
    at.site.pages.delete('taken');
    expect((await at.looked(id)).last).toMatchObject({ verdict: 'gone' });
  });

  it('is not gone for a page that one look missed', async () => {
    const id = await at.published('blinks');
    const hold = holdAt(at.place.stage.folder, { point: 'recheck_saved', scheduleId: id });
    at.site.outOfOrder(404);
    await at.recheck(id);
    await until('the first look was saved', () => hold.standing() !== null);
    at.site.outOfOrder(null);
    hold.release();
    const view = await at.untilEnded(id, 1);
    expect(view.rechecks[0]?.looks.map(({ verdict }) => verdict)).toEqual(['gone', 'live']);
    expect(view.rechecks[0]?.verdict).toBe('live');
    expect(view.run.finding).toBeNull();
  });
});

describe('what was found', () => {
  const accept = (id: string, recheckId: string | undefined, json: object = {}) =>
    ask('POST', `/api/runs/${id}/rechecks/${recheckId}/accept`, { json });

  it('and is meant so, says a person, is found wrong no more while it stays exactly that', async () => {
    const id = await at.published('meant');
    edit('meant', '<p>It is narrow.</p>');
    const { last } = await at.looked(id);
    const said = await accept(id, last?.id, { note: 'Shorter, by the editor.' });
    const accepted = { by: { type: 'API_KEY', label: 'nightly' }, note: 'Shorter, by the editor.' };
    expect(said).toMatchObject({ status: 200, body: { id, recheck: { id: last?.id, verdict: 'changed', accepted } } });
    expect(await accept(id, last?.id)).toMatchObject({ status: 200, body: said.body });
    expect((await at.place.look(id)).run.finding).toBeNull();
    const again = await at.looked(id);
    expect(again.last).toMatchObject({ verdict: 'changed', accepted });
    expect(again.view.run.finding).toBeNull();
    edit('meant', '<p>It is narrow, and it is flat.</p><h2>The coast</h2>');
    expect((await at.looked(id)).view.run.finding).toMatchObject({ verdict: 'changed' });
    at.site.pages.delete('meant');
    expect((await at.looked(id)).view.run.finding).toMatchObject({ verdict: 'gone' });
  });

  it('is found wrong again once it had been live meanwhile', async () => {
    const id = await at.published('came-back');
    const page = pageOf('came-back');
    at.site.pages.delete('came-back');
    await accept(id, (await at.looked(id)).last?.id);
    expect((await at.looked(id)).view.run.finding).toBeNull();
    at.site.pages.set('came-back', page);
    await at.looked(id);
    at.site.pages.delete('came-back');
    expect((await at.looked(id)).view.run.finding).toMatchObject({ verdict: 'gone' });
  });

  it('is not accepted where nothing was found, or another look has ended since, or by whom it does not belong to', async () => {
    const id = await at.published('argued');
    const { last: stood } = await at.looked(id);
    edit('argued', '<p>It is narrow.</p>');
    const { last: first } = await at.looked(id);
    const { last: second } = await at.looked(id);
    const refused = (reason: string) => ({ status: 409, body: { error: { code: 'message_refused', reason } } });
    expect(await accept(id, stood?.id)).toMatchObject(refused('no_finding'));
    expect(await accept(id, first?.id)).toMatchObject(refused('found_since'));
    const other = await at.published('not-this');
    for (const [run, recheck] of [
      [other, second?.id],
      [id, randomUUID()],
      [id, 'nothing'],
    ]) {
      expect(await accept(run ?? '', recheck)).toMatchObject({ status: 404 });
    }
    expect((await at.place.look(id)).run.finding).toMatchObject({ recheckId: second?.id });
  });
});

describe('asking for it', () => {
  it('again while it is under way answers the one that is, whoever asks', async () => {
    const id = await at.published('pressed');
    const hold = holdAt(at.place.stage.folder, { point: 'recheck_looked', scheduleId: id });
    const client = at.place.api.client();
    const first = await client.runs.recheck(id);
    await until('it is looked at', () => hold.standing() !== null);
    const others = await Promise.all(Array.from({ length: 10 }, () => client.runs.recheck(id)));
    expect(others.map(({ joined, recheck }) => [joined, recheck.id])).toEqual(
      others.map(() => [true, first.recheck.id]),
    );
    hold.release();
    const view = await at.untilEnded(id, 1);
    expect([first.joined, view.rechecks.length]).toEqual([false, 1]);
    expect(await kinds(id)).toEqual(['run.rechecked', 'run.recheck_asked']);
  });

  it('by ten at once is one look', async () => {
    const id = await at.published('at-once');
    const client = at.place.api.client();
    const asked = await Promise.all(Array.from({ length: 10 }, () => client.runs.recheck(id)));
    const ids = new Set(asked.map(({ recheck }) => recheck.id));
    const view = await at.untilEnded(id, ids.size);
    expect(view.rechecks).toHaveLength(ids.size);
    expect(asked.filter(({ joined }) => !joined)).toHaveLength(ids.size);
  });

  it('with the same Idempotency-Key gives the same answer, also when that look has ended', async () => {
    const id = await at.published('keyed');
    const headers = { 'idempotency-key': 'once-and-again' };
    const first = await ask('POST', `/api/runs/${id}/recheck`, { headers });
    expect(first).toMatchObject({ status: 200, body: { id, joined: false, recheck: { verdict: null } } });
    await at.untilEnded(id, 1);
    const again = await ask('POST', `/api/runs/${id}/recheck`, { headers });
    expect(again).toMatchObject({ status: 200, body: first.body });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect((await at.place.look(id)).rechecks).toHaveLength(1);
  });

  it('for a run that is not published, or whose page nobody checks, is refused', async () => {
    const unseen = await at.published('unseen', 'unseen');
    at.site.answerCreates('refused');
    const stopped = await at.start('stopped');
    await at.place.untilRun(stopped, 'has failed', ({ run }) => run.state === 'failed');
    at.site.answerCreates('as_usual');
    const refused = (reason: string) => ({ status: 409, body: { error: { code: 'message_refused', reason } } });
    expect(await ask('POST', `/api/runs/${stopped}/recheck`)).toMatchObject(refused('not_published'));
    expect(await ask('POST', `/api/runs/${unseen}/recheck`)).toMatchObject(refused('no_live_check'));
    expect((await at.place.look(unseen)).recheckRefusal).toMatchObject({ reason: 'no_live_check' });
  });

  it('again and again keeps the newest twenty in sight', async () => {
    const id = await at.published('often');
    const { ledger } = at.place.stage.context;
    for (let count = 0; count < 22; count += 1) await at.looked(id);
    const { rechecks } = await at.place.look(id);
    expect(rechecks).toHaveLength(20);
    const times = rechecks.map(({ askedAt }) => askedAt);
    expect(times).toEqual(times.toSorted().toReversed());
    expect(await ledger.db.$count(runRechecks, eq(runRechecks.runId, id))).toBe(22);
  });

  it('from another workspace finds no such run', async () => {
    const id = await at.published('ours');
    const workspaceId = randomUUID();
    await at.place.stage.context.ledger.db
      .insert(workspaces)
      .values({ id: workspaceId, name: 'neighbours', createdAt: new Date() });
    const key = await at.place.api.newKey(undefined, workspaceId);
    expect(await ask('POST', `/api/runs/${id}/recheck`, { key })).toMatchObject({
      status: 404,
      body: { error: { code: 'not_found' } },
    });
    expect((await at.place.look(id)).rechecks).toEqual([]);
  });
});

describe('a re-check', () => {
  it.each(['recheck_looked', 'recheck_saved'])(
    'whose worker is killed at %s goes on, with one row and one verdict',
    async (point) => {
      const slug = point.replace('_', '-');
      const id = await at.published(slug);
      at.site.pages.delete(slug);
      armCrash(at.place.stage.folder, { point, scheduleId: id });
      await at.recheck(id);
      await until('the worker is dead', async () => !crashPending(at.place.stage.folder));
      await at.place.restartWorker();
      const view = await at.untilEnded(id, 1);
      expect(view.rechecks.map(({ verdict, looks }) => [verdict, looks.length])).toEqual([['gone', 2]]);
      expect(await kinds(id)).toEqual(['run.rechecked', 'run.recheck_asked']);
    },
  );

  it('whose workflow is terminated between two looks is found by the sweep, and goes on where it was', async () => {
    const id = await at.published('terminated');
    at.site.pages.delete('terminated');
    const hold = holdAt(at.place.stage.folder, { point: 'recheck_saved', scheduleId: id });
    await at.recheck(id);
    await until('the first look was saved', () => hold.standing() !== null);
    const { workspaceId, temporal, taskQueue } = at.place.stage;
    const [recheck] = (await at.place.look(id)).rechecks;
    await temporal.workflow.getHandle(`recheck/${workspaceId}/${recheck?.id}`).terminate('by mistake');
    hold.release();
    const view = await until('a sweep has it made', async () => {
      await temporal.workflow.execute('sweep', { workflowId: `sweep-${taskQueue}-${randomUUID()}`, taskQueue });
      const seen = await at.place.look(id);
      return seen.rechecks[0]?.verdict !== null && seen;
    });
    expect(view.rechecks.map(({ verdict, looks }) => [verdict, looks.length])).toEqual([['gone', 2]]);
  });

  it('that a frozen worker had is made by another, and the late one saves nothing', async () => {
    const id = await at.published('frozen');
    const hold = holdAt(at.place.stage.folder, { point: 'recheck_looked', scheduleId: id });
    await at.recheck(id);
    const pid = await until('it is looked at', () => hold.standing());
    process.kill(pid, 'SIGSTOP');
    await at.place.startWorker();
    await at.untilEnded(id, 1);
    hold.release();
    process.kill(pid, 'SIGCONT');
    const reached = () => census(at.place.stage.folder, id, pid);
    await until('the late one has tried to save', () => reached().includes('recheck_saved'));
    const { rechecks } = await at.place.look(id);
    expect(rechecks.map(({ verdict, looks }) => [verdict, looks.length])).toEqual([['live', 1]]);
    expect(await kinds(id)).toEqual(['run.rechecked', 'run.recheck_asked']);
  });
});
