// What a look concludes from the container and the account's list together. A look that could not be read is never
// `missing` (law 4), and `published` needs an id (law 6).
import { afterEach, describe, expect, it } from 'vitest';
import { type SentIntent, StepRefused, StepUnanswered } from '../../../src/platforms/contract.ts';
import { adapter } from '../../../src/platforms/instagram/adapter.ts';
import { openInstagram } from './open-session.ts';
import { type Asked, graphError, type Scripted, startScriptedGraph } from './scripted-graph.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

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
    if (error instanceof StepUnanswered) return { kind: 'unreadable' };
    throw error;
  });
  return { found, asked: graph.asked };
}

const status = (status_code: string): Scripted => ({ body: { status_code, status: status_code, id: 'c1' } });
const GONE = graphError(400, 24, 2207006);
const page = (...data: unknown[]): Scripted => ({ body: { data } });

describe('a look at a post that may have been sent', () => {
  const TABLE: readonly (readonly [container: string, answer: Scripted, shown: string, notShown: string])[] = [
    ['published', status('PUBLISHED'), 'live', 'unreadable'],
    ['finished', status('FINISHED'), 'unreadable', 'missing'],
    ['in progress', status('IN_PROGRESS'), 'unreadable', 'unreadable'],
    ['in error', status('ERROR'), 'live', 'missing'],
    ['expired', status('EXPIRED'), 'unreadable', 'missing'],
    ['gone (24/2207006)', GONE, 'live', 'missing'],
    ['gone (24/2207008)', graphError(400, 24, 2207008), 'live', 'missing'],
    ['gone (100/33)', graphError(400, 100, 33), 'live', 'missing'],
    ['in a state nobody knows', status('RESTING'), 'unreadable', 'unreadable'],
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
    expect(found.kind).toBe('unreadable');
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

  it('asks with the token in a header only', async () => {
    const { asked } = await lookAt(status('FINISHED'), () => page());
    expect(asked.every(({ authorization }) => authorization?.startsWith('Bearer ') === true)).toBe(true);
    expect(asked.some(({ params }) => 'access_token' in params)).toBe(false);
  });
});
