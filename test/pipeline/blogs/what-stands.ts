// What stands on a blog decides how a run goes on, whatever any record says (P4): the same sentences for every kind of blog, judged by
// the blog's own record.
import { beforeAll, describe, expect, it } from 'vitest';
import { OTHER_ZONE } from './blog.ts';
import {
  type BlogPlace,
  CHANGES,
  causeOf,
  HEALED,
  live,
  newSlug,
  ONCE,
  OURS,
  outcomesOf,
  plannedPage,
} from './blog-place.ts';

export function testWhatStands(place: () => BlogPlace): void {
  testWhileItWaits(place);
  testOnRecordAsFailed(place);
  testSeenThrough(place);
  testNobodyCanTell(place);
}

export function testWhileItWaits(place: () => BlogPlace): void {
  /** A run that waits for its approval, while the planned page stands there by hand. */
  async function waiting(name: string) {
    const slug = newSlug(name);
    const pageId = await place().blog.make(plannedPage(slug));
    const id = await place().start(slug);
    await place().untilAsks(id);
    return { id, slug, pageId };
  }

  describe('while it waits for its approval', () => {
    it.concurrent('is published once where nothing stands', async () => {
      const slug = newSlug('plain');
      const id = await place().start(slug);
      await place().approve(id);
      expect(outcomesOf(await place().untilPublished(id))).toEqual(ONCE);
      expect(await place().blog.under(slug)).toMatchObject([{ slug, ...OURS }]);
    });

    it.concurrent('creates nothing where the planned page is live', async () => {
      const { id, slug, pageId } = await waiting('by-hand');
      const before = await place().blog.under(slug);
      await place().approve(id);
      expect(outcomesOf(await place().untilPublished(id))).toEqual(HEALED);
      expect(await place().blog.under(slug)).toEqual(before);
      expect(before).toMatchObject([{ id: pageId }]);
    });

    it.concurrent.each([
      ['edited', 'Another content is live there', 'adopt'],
      ['moved', `It is live in another zone, ${OTHER_ZONE}`, 'rename'],
      ['turned into a draft', 'It stands there as a draft that Oncepost did not make', 'cancel'],
    ] as const)('stops where that page is %s, shows both, and overwrites nothing', async (change, why, chosen) => {
      const { id, slug, pageId } = await waiting('another');
      await place().blog.change(pageId, CHANGES[change]);
      const before = await place().blog.under(slug);
      await place().approve(id);
      const stopped = await place().untilStopped(id);
      expect(causeOf(stopped)).toBe('content_conflict');
      expect(stopped.conflict).toMatchObject({ pageId, why });
      expect(stopped.conflict?.differences.length === 0).toBe(change !== 'edited');
      expect(await place().blog.under(slug)).toEqual(before);
      if (chosen === 'adopt') {
        expect(await place().ask(id, 'adopt', { pageId: 'another' })).toMatchObject({ status: 409 });
        await place().say(id, 'adopt', { pageId });
        expect(outcomesOf(await place().untilPublished(id)).at(-2)).toEqual(['publish', 'already_true']);
      } else if (chosen === 'rename') {
        const renamed = newSlug('renamed');
        await place().say(id, 'rename', { slug: renamed });
        await place().approve(id);
        await place().untilPublished(id);
        expect(await place().blog.under(renamed)).toMatchObject([{ slug: renamed, ...OURS }]);
      } else {
        await place().say(id, 'cancel');
        expect((await place().place.look(id)).run.state).toBe('canceled');
      }
      expect(await place().blog.under(slug)).toEqual(before);
    });

    it.concurrent('is published once where that page was deleted', async () => {
      const { id, slug, pageId } = await waiting('deleted');
      await place().blog.remove(pageId);
      await place().approve(id);
      expect(outcomesOf(await place().untilPublished(id))).toEqual(ONCE);
      expect(await place().blog.under(slug)).toMatchObject([{ slug, ...OURS }]);
    });

    it.concurrent('is published once where that page was given another slug', async () => {
      const { id, slug, pageId } = await waiting('renamed');
      const away = newSlug('away');
      await place().blog.change(pageId, { slug: away });
      await place().approve(id);
      expect(outcomesOf(await place().untilPublished(id))).toEqual(ONCE);
      expect(await place().blog.under(slug)).toMatchObject([{ slug, ...OURS }]);
      expect(await place().blog.under(away)).toMatchObject([{ id: pageId }]);
    });
  });
}

function testOnRecordAsFailed(place: () => BlogPlace): void {
  describe('whose publish is on record as failed', () => {
    const lied = new Map<string, { readonly id: string; readonly slug: string; readonly pageId: string }>();
    const LIED = ['untouched', 'edited', 'moved', 'turned into a draft', 'deleted', 'renamed'] as const;
    const stale = (name: string) => lied.get(name) ?? expect.unreachable(`${name} is not there`);
    beforeAll(async () => {
      for (const name of LIED) {
        const slug = newSlug('stale');
        const id = await place().start(slug);
        place().blog.creates('lied_unseen');
        await place().approve(id);
        expect(causeOf(await place().untilStopped(id))).toBe('publish_stopped');
        place().blog.creates('as_usual');
        const [page] = await place().blog.under(slug);
        expect(page).toMatchObject({ slug, ...OURS });
        lied.set(name, { id, slug, pageId: page?.id ?? '' });
      }
    });

    it.concurrent('is healed without a create where its post is live', async () => {
      const { id, slug, pageId } = stale('untouched');
      await place().goBack(id);
      const view = await place().untilPublished(id);
      expect(outcomesOf(view).slice(-3)).toEqual(HEALED);
      const { body } = await place().place.api.ask('GET', `/api/runs/${id}/artifacts/publish-result.json`);
      expect(JSON.parse(String(body))).toMatchObject({
        platformPostId: pageId,
        evidence: 'it was found live as planned',
      });
      expect(await place().blog.under(slug)).toMatchObject([{ id: pageId, slug, ...OURS }]);
    });

    it.concurrent.each(['edited', 'moved'] as const)(
      'stops where its post was %s, and overwrites nothing',
      async (change) => {
        const { id, slug, pageId } = stale(change);
        await place().blog.change(pageId, CHANGES[change]);
        const before = await place().blog.under(slug);
        await place().goBack(id);
        const stopped = await place().place.untilRun(id, 'is blocked', ({ run }) => run.state === 'blocked');
        expect(stopped.conflict).toMatchObject({ pageId });
        expect(await place().blog.under(slug)).toEqual(before);
      },
    );

    it.concurrent('has its failure cleared and is published once where its post was deleted', async () => {
      const { id, slug, pageId } = stale('deleted');
      await place().blog.remove(pageId);
      await place().goBack(id);
      expect(outcomesOf(await place().untilPublished(id)).slice(-3)).toEqual(ONCE);
      expect(live(await place().blog.under(slug))).toMatchObject([{ slug, ...OURS }]);
    });

    it.concurrent.each(['turned into a draft', 'renamed'] as const)(
      'is never live twice where its post was %s',
      async (change) => {
        const { id, slug, pageId } = stale(change);
        const away = newSlug('away');
        await place().blog.change(pageId, change === 'renamed' ? { slug: away } : CHANGES[change]);
        await place().goBack(id);
        const rests = await place().untilRests(id);
        const all = [...(await place().blog.under(slug)), ...(await place().blog.under(away))];
        expect(live(all).length).toBe(change === 'renamed' || rests.run.state === 'ended' ? 1 : 0);
      },
    );
  });
}

function testSeenThrough(place: () => BlogPlace): void {
  describe('whose publish was refused by a lie', () => {
    it('is seen through at once: its post is found live, goes on record, and nothing is created', async () => {
      const slug = newSlug('seen');
      const id = await place().start(slug);
      place().blog.creates('lied');
      await place().approve(id);
      expect(outcomesOf(await place().untilPublished(id))).toEqual(HEALED);
      place().blog.creates('as_usual');
      expect(await place().blog.under(slug)).toMatchObject([{ slug, ...OURS }]);
    });
  });
}

export function testNobodyCanTell(place: () => BlogPlace): void {
  describe('on which nobody can tell what stands there', () => {
    it.concurrent('is asked again by itself until it can be told, and creates nothing meanwhile', async () => {
      const [free, taken] = [newSlug('free'), newSlug('taken')];
      const ids = await Promise.all([place().start(free), place().start(taken)]);
      await place().blog.make(plannedPage(taken));
      await Promise.all(ids.map((id) => place().untilAsks(id)));
      place().blog.readable(false);
      await Promise.all(ids.map((id) => place().approve(id)));
      for (const id of ids) {
        const waits = await place().place.untilRun(
          id,
          'waits',
          ({ run }) => run.stage === 'publish' && run.state === 'waiting',
        );
        expect(waits.run.wakeAt).not.toBeNull();
        expect(waits.stages[1]?.says).toContain('Nobody could tell what stands there');
      }
      expect(await place().blog.under(free)).toEqual([]);
      place().blog.readable(true);
      const [made, found] = await Promise.all(ids.map((id) => place().untilPublished(id)));
      expect(made && outcomesOf(made)).toEqual(ONCE);
      expect(found && outcomesOf(found)).toEqual(HEALED);
      expect(await place().blog.under(free)).toMatchObject([{ slug: free, ...OURS }]);
      expect(await place().blog.under(taken)).toHaveLength(1);
    });
  });
}
