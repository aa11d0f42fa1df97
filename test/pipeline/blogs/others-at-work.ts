// People and other runs who are at a run's slug while it publishes: nothing of theirs is overwritten, and a run is published only when
// visitors read its post.
import { describe, expect, it } from 'vitest';
import {
  type BlogPlace,
  CHANGES,
  causeOf,
  HEALED,
  live,
  newSlug,
  OTHER_HTML,
  OTHER_TEXT,
  OURS,
  outcomesOf,
  plannedPage,
} from './blog-place.ts';

export function testOthersAtWork(place: () => BlogPlace): void {
  describe('that meets somebody else at its slug', () => {
    it.concurrent.each([
      ['the same', undefined],
      ['another', OTHER_TEXT],
    ] as const)(
      'as another run with %s content does, leaves one page there, and the other is given a slug of its own',
      async (_what, text) => {
        const slug = newSlug('both');
        const ids = await Promise.all([place().start(slug), place().start(slug, text)]);
        await Promise.all(ids.map((id) => place().untilAsks(id)));
        await Promise.all(ids.map((id) => place().approve(id)));
        const views = await Promise.all(ids.map((id) => place().untilRests(id)));
        const [first] = views.filter(({ run }) => run.terminal === 'published');
        const [second] = views.filter(({ run }) => run.terminal === null);
        if (!first || !second) return expect.unreachable('one of them is published, and one is not');
        const { id } = second.run;
        const stopped = await place().place.untilRun(id, 'is blocked', ({ run }) => run.state === 'blocked');
        expect(causeOf(stopped)).toBe('content_conflict');
        expect(live(await place().blog.under(slug))).toHaveLength(1);
        const renamed = newSlug('second');
        await place().say(id, 'rename', { slug: renamed });
        await place().approve(id);
        await place().untilPublished(id);
        expect(live(await place().blog.under(renamed))).toHaveLength(1);
        expect(live(await place().blog.under(slug))).toHaveLength(1);
      },
    );

    it.concurrent.each([
      ['the planned', {}],
      ['another', { html: OTHER_HTML }],
    ] as const)('who puts %s page there between its look and its create, overwrites nothing', async (what, other) => {
      const slug = newSlug('between');
      const id = await place().start(slug);
      const hold = place().holdAt(id, 'publish', 'nothing_stands');
      await place().approve(id);
      await hold.untilStands();
      await place().blog.make({ ...plannedPage(slug), ...other });
      const before = await place().blog.under(slug);
      hold.release();
      if (what === 'another') expect(causeOf(await place().untilStopped(id))).toBe('content_conflict');
      else expect(outcomesOf(await place().untilPublished(id))).toEqual(HEALED);
      expect(live(await place().blog.under(slug))).toEqual(before);
    });
  });

  describe('whose page is changed before visitors are asked', () => {
    it.concurrent.each([
      ['edited', CHANGES.edited],
      ['moved', CHANGES.moved],
      ['turned into a draft', CHANGES['turned into a draft']],
      ['renamed', { slug: 'renamed-before-visitors' }],
      ['deleted', null],
    ] as const)('(%s) is not published before they read it as planned', async (_what, change) => {
      const slug = newSlug('visited');
      const id = await place().start(slug);
      const opened = place().holdAt(id, 'live_qa', 'stage_opened');
      await place().approve(id);
      await opened.untilStands();
      const [page] = await place().blog.under(slug);
      if (change === null) await place().blog.remove(page?.id ?? '');
      else await place().blog.change(page?.id ?? '', change);
      opened.release();
      const failed = await place().untilStopped(id);
      expect([failed.run.stage, causeOf(failed)]).toEqual(['live_qa', 'page_differs']);
      if (change === null) return;
      await place().blog.change(page?.id ?? '', plannedPage(slug));
      await place().say(id, 'retry');
      await place().untilPublished(id);
      expect(await place().blog.under(slug)).toMatchObject([{ id: page?.id, slug, ...OURS }]);
    });
  });
}
