// The preparation: which containers are made, in which order, what is saved when, and what becomes of each failure.
import { afterEach, describe, expect, it } from 'vitest';
import type { Json } from '../../../src/platforms/sessions.ts';
import { FINGERPRINT, picture, type Situation, video } from './open-session.ts';
import { failed, finished, inProgress, type Prepared, preparing, type Script, START, status } from './preparing.ts';
import { graphError, type Scripted } from './scripted-graph.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function prepared(script: Script = {}, situation: Situation = {}): Promise<Prepared> {
  const done = await preparing(script, situation);
  closing.push(done.graph.close, done.session.close);
  return done;
}

/** A container that an earlier pass left behind, made so many hours ago. */
function left(id: string, hoursAgo: number, mediaUrl: string | null = picture().url, fingerprint = FINGERPRINT): Json {
  return { id, createdAt: new Date(START.getTime() - hoursAgo * 3_600_000).toISOString(), mediaUrl, fingerprint };
}

const idOf = (value: Json | undefined) =>
  typeof value === 'object' && value !== null && 'id' in value ? value.id : value;

const BUNDLE = [picture('a'), video('b'), picture('c')];

describe('what is made', () => {
  it('a picture is one container', async () => {
    const { outcome, created, session } = await prepared(
      {},
      {
        media: [{ ...picture(), altText: 'The sun over hills' }],
        options: { locationId: '7640348500', aiGenerated: true, userTags: [{ username: 'per.son', x: 0.5, y: 0.25 }] },
      },
    );
    expect(outcome).toBe('prepared');
    expect(created).toEqual([
      {
        image_url: 'https://media.example/sunrise.jpg',
        alt_text: 'The sun over hills',
        is_ai_generated: 'true',
        user_tags: '[{"username":"per.son","x":0.5,"y":0.25}]',
        caption: 'Good morning',
        location_id: '7640348500',
      },
    ]);
    expect(session.reached).toEqual(['container_created', 'container_ready']);
    expect(idOf(session.saved.get('container'))).toBe('c1');
  });

  it('a single video is a reel', async () => {
    const options = { shareToFeed: false, thumbOffsetMs: 1_500 };
    const { created } = await prepared({}, { media: [video()], options });
    expect(created).toEqual([
      {
        media_type: 'REELS',
        video_url: 'https://media.example/walk.mp4',
        share_to_feed: 'false',
        thumb_offset: '1500',
        caption: 'Good morning',
      },
    ]);
    const covered = await prepared({}, { media: [video()], options: { coverUrl: 'https://media.example/c.jpg' } });
    expect(covered.created[0]).toMatchObject({ cover_url: 'https://media.example/c.jpg' });
  });

  it('a bundle is a container per item, then a parent that carries the caption', async () => {
    const { created, session } = await prepared(
      {},
      { media: BUNDLE, options: { userTags: [{ username: 'per.son', mediaIndex: 1 }] } },
    );
    expect(created).toEqual([
      { is_carousel_item: 'true', image_url: 'https://media.example/a.jpg' },
      {
        is_carousel_item: 'true',
        media_type: 'VIDEO',
        video_url: 'https://media.example/b.mp4',
        user_tags: '[{"username":"per.son"}]',
      },
      { is_carousel_item: 'true', image_url: 'https://media.example/c.jpg' },
      { media_type: 'CAROUSEL', children: 'c1,c2,c3', caption: 'Good morning' },
    ]);
    expect(session.reached).toEqual([
      ...['child_created', 'child_created', 'child_created'],
      ...['child_ready', 'child_ready', 'child_ready'],
      ...['parent_created', 'parent_ready'],
    ]);
    expect(['child:0', 'child:1', 'child:2', 'container'].map((key) => idOf(session.saved.get(key)))).toEqual([
      ...['c1', 'c2', 'c3'],
      'c4',
    ]);
  });

  it('a post without a caption has none', async () => {
    const { created } = await prepared({}, { text: '' });
    expect(created).toEqual([{ image_url: 'https://media.example/sunrise.jpg' }]);
  });

  it('waits until the container is finished, and then as long as publishing needs', async () => {
    const { outcome, waitedMs } = await prepared({ status: (_, n) => (n < 3 ? inProgress : finished) });
    expect([outcome, waitedMs]).toEqual(['prepared', 3_000]);
    const slow = await prepared({ status: (_, n) => (n < 4 ? inProgress : finished) });
    expect([slow.outcome, slow.waitedMs]).toEqual(['prepared', 3_500]);
  });
});

describe('what an earlier pass left behind', () => {
  it('a finished container is used as it is, without another wait', async () => {
    const saved = new Map([['container', left('old', 1)]]);
    const { created, outcome, waitedMs } = await prepared({}, { saved });
    expect([outcome, created, waitedMs]).toEqual(['prepared', [], 0]);
  });

  it('children that exist are not made again', async () => {
    const saved = new Map([
      ['child:0', left('x', 1, BUNDLE[0]?.url)],
      ['child:1', left('y', 1, BUNDLE[1]?.url)],
    ]);
    const { created } = await prepared({}, { media: BUNDLE, saved });
    expect(created.map(({ image_url, children }) => image_url ?? children)).toEqual([
      'https://media.example/c.jpg',
      'x,y,c1',
    ]);
  });

  it('a parent that exists is asked about, and its children are not', async () => {
    const saved = new Map([['container', left('parent', 1, null)]]);
    const { created, graph } = await prepared({}, { media: BUNDLE, saved });
    expect(created).toEqual([]);
    expect(graph.asked.map(({ path }) => path)).toEqual(['/17841400000000001/content_publishing_limit', '/parent']);
  });

  it('a container that the first release saved for another version of the post is not used', async () => {
    const other = left('old', 1, picture().url, 'b'.repeat(64));
    const { session } = await prepared({}, { saved: new Map([['container', other]]) });
    expect(idOf(session.saved.get('container'))).toBe('c1');
  });

  it.each([
    ['expired', status('EXPIRED')],
    ['finished, but a day old', finished],
    ['failed for good', failed(2207026)],
    ['gone', graphError(400, 24, 2207006)],
    ['still in progress after a day', inProgress],
  ] satisfies [string, Scripted][])('a container that is %s is replaced', async (_, answer) => {
    const { outcome, session } = await prepared(
      { status: (id) => (id === 'old' ? answer : finished) },
      { saved: new Map([['container', left('old', 24)]]) },
    );
    expect([outcome, idOf(session.saved.get('container'))]).toEqual(['prepared', 'c1']);
  });

  it('a container that is published is never replaced: the post is live', async () => {
    const { outcome, refused, created } = await prepared(
      { status: () => status('PUBLISHED') },
      { saved: new Map([['container', left('old', 1)]]) },
    );
    expect([outcome, created]).toEqual(['already live', []]);
    expect(refused?.cause.externalText).toContain('already published');
  });
});

describe('a post that was changed after its container was made', () => {
  const RESCHEDULED = { fingerprint: 'b'.repeat(64) };

  it('in its time alone uses the container, and the children, that exist', async () => {
    for (const media of [[picture()], BUNDLE]) {
      const first = await prepared({}, { media });
      const { outcome, created } = await prepared({}, { media, saved: first.session.saved, ...RESCHEDULED });
      expect([outcome, created]).toEqual(['prepared', []]);
    }
  });

  it.each([
    ['caption', { text: 'Good evening' }],
    ['media', { media: [picture('sunset')] }],
    ['media under the same address', { media: [{ ...picture(), sizeBytes: 300_000 }] }],
    ['options', { options: { locationId: '7640348500' } }],
  ] satisfies [string, Situation][])('in its %s never uses it (law 7)', async (_, changed) => {
    const first = await prepared();
    const { session, created } = await prepared(
      { create: () => ({ body: { id: 'n1' } }) },
      { saved: first.session.saved, ...RESCHEDULED, ...changed },
    );
    expect([created.length, idOf(session.saved.get('container'))]).toEqual([1, 'n1']);
  });

  it('has its container asked before another takes its place: published means live already', async () => {
    const first = await prepared();
    const { outcome, created } = await prepared(
      { status: (id) => (id === 'c1' ? status('PUBLISHED') : finished) },
      { saved: first.session.saved, text: 'Good evening', ...RESCHEDULED },
    );
    expect([outcome, created]).toEqual(['already live', []]);
  });
});

describe('containers that an earlier create may have published', () => {
  const SENT = {
    sentAt: new Date('2026-02-28T06:00:00Z'),
    markers: { containerId: 'sent', caption: 'Good morning', mediaType: 'IMAGE', childCount: 0 },
  } as const;
  const published = status('PUBLISHED');

  it('are asked before anything is made, whatever stands in the slot: published means live already', async () => {
    for (const saved of [new Map<string, Json>(), new Map([['container', left('old', 1)]])]) {
      const { outcome, created, graph } = await prepared(
        { status: (id) => (id === 'sent' ? published : finished) },
        { firstCreate: SENT, saved },
      );
      expect([outcome, created, graph.asked.map(({ path }) => path)]).toEqual(['already live', [], ['/sent']]);
    }
  });

  it('let the post go on when they were not published, or are gone', async () => {
    for (const answer of [finished, status('EXPIRED'), graphError(400, 24, 2207006)]) {
      const { outcome } = await prepared(
        { status: (id) => (id === 'sent' ? answer : finished) },
        { firstCreate: SENT },
      );
      expect(outcome).toBe('prepared');
    }
  });

  it('hold the post up while they cannot be asked', async () => {
    const { outcome, created } = await prepared(
      { status: (id) => (id === 'sent' ? { status: 503, body: '' } : finished) },
      { firstCreate: SENT },
    );
    expect([outcome, created]).toEqual(['later at reconcile', []]);
  });

  it('are not asked twice where the first create’s is still in use', async () => {
    const saved = new Map([['container', left('sent', 1)]]);
    const { graph } = await prepared({}, { firstCreate: SENT, saved });
    expect(graph.asked.filter(({ path }) => path === '/sent')).toHaveLength(1);
  });

  it('are remembered when they are replaced, pass after pass', async () => {
    const gone = graphError(400, 24, 2207008);
    const passOver = (saved: Map<string, Json>, made: string, lost: string) =>
      prepared({ status: (id) => (id === lost ? gone : finished), create: () => ({ body: { id: made } }) }, { saved });
    const second = await passOver(new Map([['container', left('first', 1)]]), 'second', 'first');
    const aged = second.session.saved;
    aged.set('container', left('second', 1));
    const third = await passOver(aged, 'third', 'second');
    expect(idOf(third.session.saved.get('container'))).toBe('third');
    for (const came of ['first', 'second']) {
      const { outcome, created } = await prepared(
        { status: (id) => (id === came ? published : finished) },
        { saved: third.session.saved, fingerprint: 'c'.repeat(64), text: 'Good evening' },
      );
      expect([came, outcome, created]).toEqual([came, 'already live', []]);
    }
  });
});

describe('containers that fail', () => {
  const SHAPES: readonly (readonly [shape: string, situation: Situation, slot: string])[] = [
    ['picture', {}, 'container'],
    ['child', { media: BUNDLE }, 'child:1'],
    ['parent', { media: BUNDLE }, 'container'],
  ];
  /** In a bundle of three, c2 is a child and c4 the parent; alone there is only c1. */
  const FAILING: Readonly<Record<string, string>> = { picture: 'c1', child: 'c2', parent: 'c4' };

  it.each(SHAPES)('a %s whose processing failed for good is refused at once', async (shape, situation, slot) => {
    const { outcome, session } = await prepared(
      { status: (id) => (id === FAILING[shape] ? failed(2207026) : finished) },
      situation,
    );
    expect(outcome).toBe('media_invalid');
    expect(session.saved.has(slot)).toBe(false);
  });

  it.each([
    ['picture', 'child_create_failed'],
    ['child', 'child_create_failed'],
    ['parent', 'parent_create_failed'],
  ])('a %s that failed without a reason is %s', async (shape, expected) => {
    const situation = shape === 'picture' ? {} : { media: BUNDLE };
    const { refused } = await prepared(
      { status: (id) => (id === FAILING[shape] ? failed(null) : finished) },
      situation,
    );
    expect(refused?.cause.code).toBe(expected);
  });

  it.each([
    ['picture', 'child_processing_timeout'],
    ['child', 'child_processing_timeout'],
    ['parent', 'parent_create_failed'],
  ])('a %s that is never ready is %s, and forgotten', async (shape, expected) => {
    const situation = { mediaProcessingMs: 600_000, ...(shape === 'picture' ? {} : { media: BUNDLE }) };
    const { outcome, session, waitedMs } = await prepared(
      { status: (id) => (id === FAILING[shape] ? inProgress : finished) },
      situation,
    );
    expect([outcome, waitedMs]).toEqual([expected, 600_000]);
    expect(session.saved.has(shape === 'child' ? 'child:1' : 'container')).toBe(false);
  });

  const PASSING = [2207001, 2207003, 2207020, 2207032, 2207052, 2207053, 2207082];
  it.each(PASSING)('%s in a container gets a new one', async (subcode) => {
    const { outcome, created } = await prepared({ status: (id) => (id === 'c1' ? failed(subcode) : finished) });
    expect([outcome, created.length]).toEqual(['prepared', 2]);
  });

  it.each(PASSING)('%s on the creation is asked again', async (subcode) => {
    const { outcome, created } = await prepared({
      create: (_, n) => (n < 3 ? graphError(400, -1, subcode) : undefined),
    });
    expect([outcome, created.length]).toEqual(['prepared', 3]);
  });

  it('gives up after three', async () => {
    const { outcome, created } = await prepared({ status: () => failed(2207082) });
    expect([outcome, created.length]).toEqual(['child_create_failed', 3]);
    const refused = await prepared({ create: () => graphError(400, -2, 2207003) });
    expect([refused.outcome, refused.created.length]).toEqual(['media_invalid', 3]);
  });

  it('a service in trouble is asked again later, and nobody is called', async () => {
    const { outcome, created } = await prepared({ create: () => graphError(400, 2) });
    expect([outcome, created.length]).toEqual(['later at media', 3]);
  });

  it('a refusal that time does not heal is asked once', async () => {
    const { outcome, created } = await prepared({ create: () => graphError(400, 36003, 2207009) });
    expect([outcome, created.length]).toEqual(['media_invalid', 1]);
  });

  it('an expired token ends the step with what was made already saved', async () => {
    const { outcome, session } = await prepared(
      { create: (_, n) => (n === 3 ? graphError(401, 190, 463) : undefined) },
      { media: BUNDLE },
    );
    expect(outcome).toBe('auth_expired');
    expect([...session.saved.keys()]).toEqual(['child:0', 'child:1']);
  });

  it('a container that cannot be seen yet is waited for, one that stays unseen is replaced', async () => {
    const unseen = graphError(400, 24, 2207008);
    const brief = await prepared({ status: (_, n) => (n < 4 ? unseen : finished) }, { mediaProcessingMs: 600_000 });
    expect([brief.outcome, brief.created.length]).toEqual(['prepared', 1]);
    const lasting = await prepared(
      { status: (id) => (id === 'c1' ? unseen : finished) },
      { mediaProcessingMs: 600_000 },
    );
    expect([lasting.outcome, lasting.created.length]).toEqual(['prepared', 2]);
  });

  it('a throttle names the kind of call that met it: a read holds up no create', async () => {
    const windows = async (script: Script, situation: Situation = {}) => {
      const { refused } = await prepared(script, situation);
      return [refused?.cause.code, refused?.cause.window];
    };
    const throttle = graphError(400, 4);
    expect(await windows({ status: () => throttle })).toEqual(['rate_limited', 'read']);
    expect(await windows({ status: () => throttle }, { media: BUNDLE })).toEqual(['rate_limited', 'read']);
    expect(await windows({ create: () => throttle })).toEqual(['rate_limited', 'upload']);
    expect(await windows({ create: () => graphError(400, 4, 2207051) })).toEqual(['rate_limited', 'create']);
  });

  it('a state that nobody documented is waited out like one in progress', async () => {
    const { outcome, created } = await prepared({ status: (_, n) => (n < 3 ? status('QUEUED') : finished) });
    expect([outcome, created.length]).toEqual(['prepared', 1]);
  });

  it('a refusal that is not in Instagram’s words is asked again, and blames nobody', async () => {
    for (const answer of [
      { status: 403, body: '<html>Blocked</html>' },
      { status: 401, body: 'Unauthorized' },
    ]) {
      const { outcome, refused } = await prepared({ create: () => answer });
      expect([outcome, refused]).toEqual(['later at media', null]);
    }
  });

  it('containers that vanish again and again mean lost access', async () => {
    const { outcome, created } = await prepared(
      { status: () => graphError(400, 24, 2207006) },
      { mediaProcessingMs: 600_000 },
    );
    expect([outcome, created.length]).toEqual(['permissions_missing', 3]);
  });

  it('a parent whose children are gone gets new children', async () => {
    const lost = new Set<string>();
    const { outcome, created } = await prepared(
      {
        create: ({ params }) => {
          if (params.children !== 'c1,c2,c3') return undefined;
          lost.add('c2');
          return graphError(400, 24, 2207006);
        },
        status: (id) => (lost.has(id) ? status('EXPIRED') : finished),
      },
      { media: BUNDLE },
    );
    expect(outcome).toBe('prepared');
    expect(created.at(-1)?.children).toBe('c1,c5,c3');
  });
});

describe('the daily quota', () => {
  const quota = (used: number): Scripted => ({
    body: { data: [{ quota_usage: used, config: { quota_total: 50, quota_duration: 86_400 } }] },
  });

  it('with room left, nothing waits', async () => {
    expect((await prepared({ quota: quota(49) })).outcome).toBe('prepared');
  });

  it('spent, nothing is made and the publish waits until the oldest post leaves the day', async () => {
    const media = (timestamp: string) => ({ id: timestamp, media_type: 'IMAGE', timestamp });
    const list = { body: { data: [media('2026-03-01T05:00:00+0000'), media('2026-02-28T07:30:00+0000')] } };
    const { outcome, refused, created } = await prepared({ quota: quota(50), list });
    expect([outcome, created]).toEqual(['rate_limited', []]);
    expect(refused?.cause.resumeAt).toBe('2026-03-01T07:30:00.000Z');
  });

  it('spent, with a list that cannot be read, is asked about again in an hour', async () => {
    const { refused } = await prepared({ quota: quota(51), list: graphError(403, 10) });
    expect(refused?.cause).toMatchObject({ resumeAt: '2026-03-01T07:00:00.000Z', window: 'create' });
  });

  it('that cannot be read stops nothing', async () => {
    for (const answer of [graphError(400, 100), { status: 500, body: '' }, { body: { data: [] } }]) {
      expect((await prepared({ quota: answer })).outcome).toBe('prepared');
    }
  });
});
