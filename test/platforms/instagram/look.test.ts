// What a look concludes from the container and the account's list together. A look that could not be read, or that did not
// see enough, is never `missing` (law 4), and `published` needs an id (law 6).
import { afterEach, describe, expect, it } from 'vitest';
import type { SentIntent } from '../../../src/platforms/create-and-look.ts';
import { adapter } from '../../../src/platforms/instagram/adapter.ts';
import { LiveUnnamed, StepRefused, StepUnanswered } from '../../../src/platforms/step-errors.ts';
import { openInstagram } from './open-session.ts';
import { type Asked, graphError, type Scripted, startScriptedGraph } from './scripted-graph.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** A caption long enough for a word more to make no other text of it. */
const LONG = 'Good morning all of you beautiful people out there in Lisbon town today';
const SENT_AT = new Date('2026-03-01T06:00:00Z');
const OURS = listed('17920238422030506', '2026-03-01T06:00:04+0000');

function listed(id: string, timestamp: string, caption = 'Good morning') {
  return { id, caption, media_type: 'IMAGE', timestamp, permalink: `https://www.instagram.com/p/${id}/` };
}

function intent(taken: readonly string[] = []): SentIntent {
  return {
    sentAt: SENT_AT,
    sendDeadline: new Date(SENT_AT.getTime() + 15_000),
    markers: { containerId: 'c1', caption: 'Good morning', mediaType: 'IMAGE', childCount: 0 },
    takenPostIds: new Set(taken),
  };
}

/** The look in short: what it found, or how it failed. */
async function lookAt(container: Scripted, list: (asked: Asked) => Scripted, sent = intent()) {
  const graph = await startScriptedGraph((asked) => (asked.path === '/c1' ? container : list(asked)));
  const session = openInstagram({ apiBase: graph.apiBase });
  closing.push(graph.close, session.close);
  const found = await adapter.look(session, sent).catch((error: unknown) => {
    if (error instanceof StepRefused) return { kind: `refused: ${error.cause.code}` };
    if (error instanceof LiveUnnamed) return { kind: 'live, unnamed' };
    if (error instanceof StepUnanswered) return { kind: 'unreadable' };
    throw error;
  });
  return { found, asked: graph.asked };
}

/** The look in a word, or what a miss has seen. */
async function seenAt(container: Scripted, list: (asked: Asked) => Scripted, sent = intent()) {
  const { found } = await lookAt(container, list, sent);
  return found.kind === 'missing' && 'coverage' in found ? found.coverage : found.kind;
}

const status = (status_code: string): Scripted => ({ body: { status_code, status: status_code, id: 'c1' } });
const GONE = graphError(400, 24, 2207006);
const page = (...data: unknown[]): Scripted => ({ body: { data } });
const NEXT = 'https://graph.instagram.com/v25.0/1/media?after=p2';
/** A page that says where the next one begins. */
const pageBefore = (after: string, ...data: unknown[]): Scripted => ({
  body: { data, paging: { cursors: { after }, next: NEXT } },
});
/** Media long before ours was sent, and one of another text that stands in its time. */
const OLD = listed('old', '2026-03-01T05:00:00+0000', 'Yesterday');
const OTHER = listed('other', '2026-03-01T06:00:04+0000', 'The harbour at noon');

describe('a look at a post that may have been sent', () => {
  const TABLE: readonly (readonly [container: string, answer: Scripted, shown: string, notShown: string])[] = [
    ['published', status('PUBLISHED'), 'live', 'live, unnamed'],
    ['finished', status('FINISHED'), 'unreadable', 'missing'],
    ['in progress', status('IN_PROGRESS'), 'unreadable', 'unreadable'],
    ['in error', status('ERROR'), 'live', 'missing'],
    ['expired', status('EXPIRED'), 'unreadable', 'missing'],
    ['gone (24/2207006)', GONE, 'live', 'missing'],
    ['gone (24/2207008)', graphError(400, 24, 2207008), 'live', 'missing'],
    ['gone (100/33)', graphError(400, 100, 33), 'live', 'missing'],
    ['in a state nobody knows', status('RESTING'), 'unreadable', 'unreadable'],
    ['without a state', { body: { id: 'c1' } }, 'unreadable', 'unreadable'],
    ['refused for our app', graphError(400, 101), 'unreadable', 'unreadable'],
    ['unreadable', { status: 200, body: '<html>' }, 'unreadable', 'unreadable'],
    ['refused by a service in trouble', graphError(400, 2), 'unreadable', 'unreadable'],
    ['refused by a proxy', { status: 403, body: '<html>' }, 'unreadable', 'unreadable'],
    ['refused for an expired token', graphError(400, 190, 463), 'refused: auth_expired', 'refused: auth_expired'],
    ['refused for a throttle', graphError(400, 4), 'refused: rate_limited', 'refused: rate_limited'],
  ];
  for (const [container, answer, shown, notShown] of TABLE) {
    it(`with a container ${container}: ${shown} when the list shows it, ${notShown} when not`, async () => {
      const whenShown = await lookAt(answer, () => page(OURS));
      const whenNot = await lookAt(answer, () => page(listed('1', '2026-03-01T06:00:04+0000', 'Another')));
      expect([whenShown.found.kind, whenNot.found.kind]).toEqual([shown, notShown]);
    });
  }

  it('tells the media id and its address', async () => {
    const { found } = await lookAt(status('PUBLISHED'), () => page(OURS));
    expect(found).toEqual({
      kind: 'live',
      platformPostId: '17920238422030506',
      url: 'https://www.instagram.com/p/17920238422030506/',
    });
  });

  it('never adopts a post that another schedule already has', async () => {
    const { found } = await lookAt(status('PUBLISHED'), () => page(OURS), intent(['17920238422030506']));
    expect(found.kind).toBe('live, unnamed');
  });

  it('reads on, page by page, as far as the sending, and never by an address that holds a token', async () => {
    const { found, asked } = await lookAt(status('PUBLISHED'), ({ params }) => {
      const next = 'https://graph.instagram.com/v25.0/1/media?access_token=secret';
      if (params.after === undefined) {
        return {
          body: { data: [listed('1', '2026-03-01T09:00:00+0000')], paging: { cursors: { after: 'p2' }, next } },
        };
      }
      if (params.after === 'p2') return { body: { data: [OURS], paging: { cursors: { after: 'p3' }, next } } };
      return { body: { data: [listed('2', '2026-02-01T09:00:00+0000')], paging: { cursors: { after: 'p4' }, next } } };
    });
    expect(found.kind).toBe('live');
    expect(asked.map(({ path, params }) => [path, params.after])).toEqual([
      ['/c1', undefined],
      ['/17841400000000001/media', undefined],
      ['/17841400000000001/media', 'p2'],
      ['/17841400000000001/media', 'p3'],
    ]);
  });

  it('finds a post that stands out of order behind an older one', async () => {
    const { found } = await lookAt(status('PUBLISHED'), () => page(listed('1', '2026-01-01T00:00:00+0000'), OURS));
    expect(found.kind).toBe('live');
    const behind = await lookAt(status('PUBLISHED'), ({ params }) =>
      params.after === undefined
        ? {
            body: {
              data: [listed('2', '2026-03-01T09:00:00+0000'), listed('1', '2026-01-01T00:00:00+0000')],
              paging: { cursors: { after: 'p2' }, next: 'x' },
            },
          }
        : page(OURS),
    );
    expect(behind.found.kind).toBe('live');
  });

  it('calls half a list unreadable, not empty', async () => {
    const half = ({ params }: Asked): Scripted =>
      params.after === undefined
        ? { body: { data: [listed('1', '2026-03-01T09:00:00+0000')], paging: { cursors: { after: 'p2' }, next: 'x' } } }
        : { status: 400, body: 'cut' };
    const { found } = await lookAt(status('FINISHED'), half);
    expect(found.kind).toBe('unreadable');
    const endless = await lookAt(status('FINISHED'), () => ({
      body: { data: [listed('1', '2026-03-01T09:00:00+0000')], paging: { cursors: { after: 'again' }, next: 'x' } },
    }));
    expect(endless.found.kind).toBe('unreadable');
    const lost = await lookAt(status('FINISHED'), () => ({ body: { data: [], paging: { next: 'x' } } }));
    expect(lost.found.kind).toBe('unreadable');
  });

  it('keeps the word of a published container though the list cannot be read: it is live, and unnamed', async () => {
    for (const list of [{ status: 400, body: 'cut' }, { body: { data: [], paging: { next: 'x' } } }]) {
      expect((await lookAt(status('PUBLISHED'), () => list)).found.kind).toBe('live, unnamed');
    }
    expect((await lookAt(status('PUBLISHED'), () => graphError(400, 4))).found.kind).toBe('refused: rate_limited');
  });

  it('asks with the token in a header only', async () => {
    const { asked } = await lookAt(status('FINISHED'), () => page());
    expect(asked.every(({ authorization }) => authorization?.startsWith('Bearer ') === true)).toBe(true);
    expect(asked.some(({ params }) => 'access_token' in params)).toBe(false);
  });
});

describe('a miss brings its evidence', () => {
  it.each(['FINISHED', 'EXPIRED'])(
    'a container that is %s proves by itself that it was never published',
    async (code) => {
      for (const list of [page(), page(OTHER), page(OLD), page(OLD, OTHER), page({ id: '1' })]) {
        expect(await seenAt(status(code), () => list)).toEqual({ kind: 'by_key' });
      }
    },
  );

  it.each([
    ['in error', status('ERROR')],
    ['gone', GONE],
    ['gone, as an object that does not exist', graphError(400, 100, 33)],
  ])('a container that is %s proves nothing: the list has to reach back beyond the sending', async (_, silent) => {
    const seen = (...pages: Scripted[]) =>
      seenAt(silent, ({ params }) => pages[params.after === undefined ? 0 : Number(params.after)] ?? page());
    // Two minutes before the call may have left, and a second.
    const justBefore = listed('1', '2026-03-01T05:57:59+0000', 'Before');
    expect(await seen(pageBefore('1', OTHER, justBefore), pageBefore('2', OLD))).toEqual({
      kind: 'back_to',
      at: new Date('2026-03-01T05:00:00Z'),
    });
    expect(await seen(pageBefore('1', OLD))).toEqual({ kind: 'back_to', at: new Date('2026-03-01T05:00:00Z') });
    expect(await seen(pageBefore('1', OTHER), page(justBefore))).toEqual({
      kind: 'back_to',
      at: new Date('2026-03-01T05:57:59Z'),
    });
    expect(await seen(page(OTHER))).toEqual({ kind: 'whole_list' });
    expect(await seen(pageBefore('1', OTHER), pageBefore('2'), page(OTHER))).toEqual({ kind: 'whole_list' });
  });

  it.each([
    ['ended on an empty page where more was promised', [pageBefore('1', OTHER), page()]],
    ['goes on without saying where', [{ body: { data: [OTHER], paging: { next: NEXT } } }]],
    ['goes on with a cursor of null', [{ body: { data: [OTHER], paging: { cursors: { after: null }, next: NEXT } } }]],
    ['stands out of order', [page(OLD, OTHER)]],
    [
      'stands out of order from page to page',
      [pageBefore('1', OTHER), page(listed('2', '2026-03-01T06:30:00+0000', 'Later'))],
    ],
    ['has an item without an instant', [page(OTHER, { ...OLD, timestamp: undefined })]],
    ['has an item with an instant of null', [page(OTHER, { ...OLD, timestamp: null })]],
    ['has an item with an instant nobody can read', [page(OTHER, { ...OLD, timestamp: 'soon' })]],
    ['has an item in our time without a kind', [page({ ...OTHER, media_type: null }, OLD)]],
    ['has an item in our time without a caption', [page({ ...OTHER, caption: undefined }, OLD)]],
    [
      'is full and names neither an end nor a next page',
      [page(...Array.from({ length: 25 }, (_, i) => ({ ...OTHER, id: `${i}` })))],
    ],
  ] satisfies [string, Scripted[]][])('a list that %s covers nothing', async (_, pages) => {
    const list = ({ params }: Asked) => pages[params.after === undefined ? 0 : Number(params.after)] ?? page();
    expect(await seenAt(status('ERROR'), list)).toBe('unreadable');
  });

  it('a full last page is asked whether the list ends there', async () => {
    const full = Array.from({ length: 25 }, (_, index) => ({ ...OTHER, id: `${index}` }));
    const first: Scripted = { body: { data: full, paging: { cursors: { after: 'end' } } } };
    const list = (behind: Scripted) => (asked: Asked) => (asked.params.after === 'end' ? behind : first);
    expect(await seenAt(GONE, list(page()))).toEqual({ kind: 'whole_list' });
    expect(await seenAt(GONE, list(page(OURS)))).toBe('live');
  });

  it('an empty list counts when the account itself says that it has no media', async () => {
    const counting = (count: unknown) => (asked: Asked) =>
      asked.params.fields === 'media_count' ? { body: { media_count: count, id: '17841400000000001' } } : page();
    expect(await seenAt(GONE, counting(0))).toEqual({ kind: 'whole_list' });
    expect(await seenAt(GONE, counting(1))).toBe('unreadable');
    expect(await seenAt(GONE, counting(undefined))).toBe('unreadable');
  });

  it('a list as long as Instagram shows at most has no end of its own', async () => {
    const long = Array.from({ length: 10_000 }, (_, index) => ({ ...OTHER, id: `${index}` }));
    const list = ({ params }: Asked): Scripted =>
      params.after === undefined ? { body: { data: long, paging: { cursors: { after: 'end' } } } } : page();
    expect(await seenAt(GONE, list)).toBe('unreadable');
  });
});

describe('a post that may be ours', () => {
  const DOUBTS: readonly (readonly [why: string, shown: Record<string, unknown>])[] = [
    ['with a word added', { caption: 'Good morning, all of you beautiful people out there in Lisbon town today ☀️!' }],
    ['in another case', { caption: 'GOOD MORNING all of you beautiful people out there in Lisbon town today' }],
    ['with its joined emoji taken apart', { caption: `${LONG} 👨👩👧` }],
    ['with one item fewer', { media_type: 'CAROUSEL_ALBUM', children: { data: [{ id: '1' }] } }],
    ['of a kind nobody documented', { media_type: 'CLIP' }],
    ['without an instant', { timestamp: undefined }],
    ['an hour later than it should have taken effect', { timestamp: '2026-03-01T07:00:00+0000' }],
  ];
  for (const [why, shown] of DOUBTS) {
    it(`${why} is neither absent nor ours, whatever the container says`, async () => {
      const carousel = 'children' in shown;
      const sent = {
        ...intent(),
        markers: {
          containerId: 'c1',
          caption: LONG,
          mediaType: carousel ? 'CAROUSEL_ALBUM' : 'IMAGE',
          childCount: carousel ? 2 : 0,
        },
      };
      const list = () => page({ ...listed('5', '2026-03-01T06:00:04+0000', LONG), ...shown }, OLD);
      const found = [status('ERROR'), status('FINISHED'), status('EXPIRED'), status('PUBLISHED')];
      const kinds = await Promise.all(found.map((container) => seenAt(container, list, sent)));
      expect(kinds).toEqual(['unreadable', 'unreadable', 'unreadable', 'live, unnamed']);
      expect(await seenAt(status('ERROR'), list, { ...sent, takenPostIds: new Set(['5']) })).not.toBe('live');
    });
  }

  it('is told from one of another kind, and from one that another schedule has', async () => {
    const reel = { ...OURS, media_type: 'VIDEO' };
    expect(await seenAt(status('ERROR'), () => page(reel, OLD))).toEqual({ kind: 'whole_list' });
    expect(await seenAt(status('ERROR'), () => page(OURS, OLD), intent([OURS.id]))).toEqual({ kind: 'whole_list' });
  });
});

describe('a refusal that Instagram gives in doubt', () => {
  it('to show the list, as an object that does not exist, is read again later, not believed', async () => {
    expect(await seenAt(status('FINISHED'), () => graphError(400, 100, 33))).toBe('unreadable');
    expect(await seenAt(status('FINISHED'), () => graphError(403, 10))).toBe('refused: permissions_missing');
  });

  it('as a throttle names reads, also where nobody words it', async () => {
    for (const answer of [graphError(400, 4), { status: 429, body: 'slow down' }]) {
      const graph = await startScriptedGraph(() => answer);
      const session = openInstagram({ apiBase: graph.apiBase });
      closing.push(graph.close, session.close);
      await expect(adapter.look(session, intent())).rejects.toMatchObject({
        cause: { code: 'rate_limited', window: 'read' },
      });
    }
  });
});
