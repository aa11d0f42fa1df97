// What a look later finds of a published post on a blog, by what its owner did to it there.
import { describe, expect, it } from 'vitest';
import { type BlogPlace, CHANGES, newSlug, OURS } from './blog-place.ts';

export function testRechecks(place: () => BlogPlace): void {
  async function published(name: string) {
    const slug = newSlug(name);
    const id = await place().start(slug);
    await place().approve(id);
    await place().untilPublished(id);
    const [page] = await place().blog.under(slug);
    return { id, slug, pageId: page?.id ?? expect.unreachable('it is not there') };
  }

  async function looked(id: string) {
    await place().say(id, 'recheck');
    const view = await place().place.untilRun(id, 'was looked at', ({ rechecks }) => rechecks[0]?.verdict !== null);
    return { verdict: view.rechecks[0]?.verdict, finding: view.run.finding?.verdict ?? null, run: view.run };
  }

  describe('that is published, and looked at again later', () => {
    it.concurrent('is live where nobody touched it', async () => {
      const { id, slug } = await published('untouched');
      expect(await looked(id)).toMatchObject({ verdict: 'live', finding: null });
      expect(await place().blog.under(slug)).toMatchObject([{ slug, ...OURS }]);
    });

    it.concurrent('is found changed where its text was edited, and nothing is overwritten', async () => {
      const { id, slug, pageId } = await published('reworded');
      await place().blog.change(pageId, CHANGES.edited);
      const before = await place().blog.under(slug);
      const { run, ...found } = await looked(id);
      expect(found).toEqual({ verdict: 'changed', finding: 'changed' });
      expect(run).toMatchObject({ state: 'ended', terminal: 'published' });
      expect(await place().blog.under(slug)).toEqual(before);
    });

    it.concurrent('is found gone where it was deleted, and is not made again', async () => {
      const { id, slug, pageId } = await published('removed');
      await place().blog.remove(pageId);
      expect(await looked(id)).toMatchObject({ verdict: 'gone', finding: 'gone' });
      expect(await place().blog.under(slug)).toEqual([]);
    });
  });
}
