// What is news and what is not, by the rule alone; when a message is tried again; and the words of a report.
import { describe, expect, it } from 'vitest';
import { OTHER_AUDIT, SCHEDULE_AUDIT } from '../../src/domain/audit/audit.ts';
import { CAUSES, type CauseCode } from '../../src/domain/causes/causes.ts';
import type { Happening } from '../../src/domain/notifications/happening.ts';
import { whatIsNew } from '../../src/domain/notifications/news.ts';
import { reportSentence } from '../../src/domain/notifications/report.ts';
import { MOST_TRIES, waitAfterTry } from '../../src/domain/notifications/retries.ts';
import { tellingFor } from '../../src/domain/notifications/telling.ts';
import type { Item } from '../../src/domain/schedules/item.ts';
import { SCHEDULE_STATES, type ScheduleState } from '../../src/domain/schedules/states.ts';

function item(state: ScheduleState, changes: Partial<Item> = {}): Item {
  return {
    id: 'post-1',
    state,
    stateMeans: SCHEDULE_STATES[state].means,
    platform: 'x',
    account: { id: 'account-1', name: 'acme' },
    text: 'Hello',
    mediaCount: 0,
    publishAt: '2026-12-01T07:00:00.000Z',
    attempts: 1,
    cause: null,
    targetProblem: null,
    failedAt: null,
    nextAction: { code: 'none', kind: 'none' },
    owner: { role: 'unassigned', label: null, id: null, type: null },
    gate: { verdict: 'replayable' },
    replayOffered: false,
    wakeAt: null,
    url: null,
    ...changes,
  };
}

function failed(id: string, code: CauseCode = 'auth_expired', accountId = 'account-1'): Item {
  const { bucket, means } = CAUSES[code];
  const cause = {
    domain: 'publish',
    code,
    bucket,
    means,
    source: 'normalized_bucket',
    stage: 'create',
    externalText: '',
  } as const;
  return item('failed', { id, cause, account: { id: accountId, name: accountId } });
}

let position = 0;
function happening(type: string, changes: Partial<Happening> = {}): Happening {
  position += 1;
  const scheduleId = changes.item?.id ?? null;
  return {
    position,
    type,
    actor: 'Olga',
    payload: {},
    scheduleId,
    item: null,
    found: null,
    brokeBefore: false,
    ...changes,
  };
}

const look = (
  happenings: readonly Happening[],
  open: readonly string[] = [],
  failing: ReadonlyMap<string, number> = new Map(),
) => whatIsNew(happenings, { open: new Set(open), failing });
const eventsOf = (happenings: readonly Happening[], open: readonly string[] = []) =>
  look(happenings, open).news.map(({ events }) => events[0]);

describe('a failure', () => {
  const refused = (subject: Item) => happening(SCHEDULE_AUDIT.refused, { item: subject });

  it('opens an incident; the next of the same account and cause joins it', () => {
    const told = look([refused(failed('a')), refused(failed('b'))]);
    expect(told.opened).toEqual([{ accountId: 'account-1', cause: 'auth_expired', begunAt: null }]);
    expect(told.news.map(({ events }) => events)).toEqual([['incident_opened', 'needs_person']]);
  });

  it('of another account, or for another cause, is another incident', () => {
    const told = look([
      refused(failed('a')),
      refused(failed('b', 'publish_failed')),
      refused(failed('c', 'auth_expired', 'account-2')),
    ]);
    expect(told.opened).toHaveLength(3);
  });

  it('that joins an incident of before is no news', () => {
    expect(look([refused(failed('a'))], ['account-1/auth_expired'])).toEqual({ news: [], opened: [] });
  });

  it('that stands no more when it is looked at is no news', () => {
    expect(eventsOf([refused(item('published'))])).toEqual([]);
    expect(eventsOf([refused(item('posting'))])).toEqual([]);
  });

  it('names how many publishes of the account failed for it by now', () => {
    const told = look([refused(failed('a'))], [], new Map([['account-1/auth_expired', 23]]));
    expect(told.news[0]?.lines[1]?.text).toMatch(/^23 publishes of this account failed for it so far/);
  });
});

describe.each([
  ['gate_blocked', 'blocked'],
  ['target_repair', 'repair_required'],
  ['handed_off', 'handoff_pending'],
  ['missed', 'missed'],
] as const)('after %s', (event, state) => {
  const happened = (now: ScheduleState) =>
    happening(SCHEDULE_AUDIT[event], { item: item(now), payload: { to: state } });

  it('the publish needs a person', () => expect(eventsOf([happened(state)])).toEqual(['needs_person']));
  it('it does not once somebody has seen to it', () => expect(eventsOf([happened('canceled')])).toEqual([]));
});

it('of what is too late the next step is another time', () => {
  const { news } = look([happening(SCHEDULE_AUDIT.missed, { item: item('missed'), payload: { to: 'missed' } })]);
  expect(news[0]?.lines.at(-1)).toEqual({
    text: 'Next: give it another time.',
    href: '/schedules/post-1/reschedule',
  });
});

describe('a post that is live', () => {
  const published = (changes: Partial<Happening>) =>
    happening(SCHEDULE_AUDIT.published, { item: item('published'), ...changes });

  it('is no news by itself', () => expect(eventsOf([published({ payload: { evidence: 'answered' } })])).toEqual([]));
  it('is healed when the platform showed it', () =>
    expect(eventsOf([published({ payload: { evidence: 'reconciled' } })])).toEqual(['healed']));
  it('is healed when it had needed a person before', () =>
    expect(eventsOf([published({ payload: { evidence: 'answered' }, brokeBefore: true })])).toEqual(['healed']));
  it('is no news when a person said so', () =>
    expect(eventsOf([published({ payload: { evidence: 'resolved_by_person' }, brokeBefore: true })])).toEqual([]));
});

it('a version that waits for approval is asked for once in a look', () => {
  const reasons = [{ code: 'review_not_approved' as const, text: 'It is not approved.' }];
  const waiting = item('queued', { gate: { verdict: 'blocked', reason: 'review_not_approved', reasons } });
  const events = [
    happening(OTHER_AUDIT.scheduleCreated, { item: waiting }),
    happening(OTHER_AUDIT.edited, { item: waiting }),
  ];
  expect(eventsOf(events)).toEqual(['approval_asked']);
  expect(eventsOf([happening(OTHER_AUDIT.scheduleCreated, { item: item('queued') })])).toEqual([]);
});

it('holds are told when they are placed and released, with who and why', () => {
  const payload = { holdId: 'hold-1', scope: 'workspace', reason: 'the election' };
  const told = look([
    happening(OTHER_AUDIT.holdPlaced, { payload }),
    happening(OTHER_AUDIT.holdReleased, { payload: { ...payload, released: 3, missed: 1 } }),
  ]);
  expect(told.news.map(({ headline, lines }) => [headline, lines[0]?.text])).toEqual([
    [
      'Publishing is on hold for the whole workspace',
      'Olga says why: the election. Nothing of it is created until the hold is released.',
    ],
    [
      'The hold for the whole workspace is released',
      'Olga released it: 3 publishes that waited go out now, 1 were too old.',
    ],
  ]);
});

it('a release at a pace says so, and not that everything goes out now', () => {
  const payload = { holdId: 'hold-1', scope: 'workspace', released: 3, missed: 0 };
  const told = look([
    happening(OTHER_AUDIT.holdReleased, { payload: { ...payload, pace: { kind: 'every', minutes: 10 } } }),
    happening(OTHER_AUDIT.holdReleased, {
      payload: { ...payload, pace: { kind: 'until', at: '2026-03-01T08:00:00Z' } },
    }),
  ]);
  expect(told.news.map(({ lines }) => lines[0]?.text)).toEqual([
    'Olga released it: 3 publishes that waited go out one after another, one every 10 minutes, 0 were too old.',
    expect.stringMatching(/that waited go out one after another until .*2026.*08:00.*, 0 were too old\.$/),
  ]);
});

it('a dead connection is told by itself only where no publish met it', () => {
  const payload = { accountId: 'account-1', platform: 'instagram', name: 'acme' };
  const type = OTHER_AUDIT.accountReconnectRequired;
  const told = look([happening(type, { payload })]);
  expect(told.news.map(({ headline }) => headline)).toEqual(['acme on instagram: the connection is dead']);
  expect(eventsOf([happening(type, { payload, scheduleId: 'post-1' })])).toEqual([]);
});

it('many of a kind at once are one message', () => {
  const events = Array.from({ length: 40 }, (_, n) =>
    happening(SCHEDULE_AUDIT.unconfirmed, {
      item: item('unconfirmed', { id: `post-${n}` }),
      payload: { to: 'unconfirmed' },
    }),
  );
  const { news } = look(events);
  expect(news).toHaveLength(1);
  expect(news[0]?.headline).toBe('40 publishes are unconfirmed');
  expect(news[0]?.lines.at(-1)).toEqual({ text: '35 more: see all of them.', href: '/' });
});

it('what nobody has to see to is no news', () => {
  const types = [
    'attempt_started',
    'rate_limited',
    'outcome_unknown',
    'not_sent',
    'replayed',
    'held',
    'hurried',
  ] as const;
  expect(
    eventsOf(
      types.map((type) => happening(SCHEDULE_AUDIT[type], { item: item('posting'), payload: { to: 'posting' } })),
    ),
  ).toEqual([]);
});

it('a channel is told once, as the first of what it takes', () => {
  const [news] = look([happening(SCHEDULE_AUDIT.refused, { item: failed('a') })]).news;
  expect(news && tellingFor(news, ['needs_person', 'incident_opened'])?.event).toBe('incident_opened');
  expect(news && tellingFor(news, ['needs_person'])?.event).toBe('needs_person');
  expect(news && tellingFor(news, ['healed'])).toBeNull();
});

it('a message is tried ten times, as Standard Webhooks show it', () => {
  const waits = Array.from({ length: MOST_TRIES }, (_, n) => waitAfterTry(n + 1, 0));
  const [second, minute, hour] = [1_000, 60_000, 3_600_000];
  expect(waits).toEqual([
    5 * second,
    5 * minute,
    30 * minute,
    2 * hour,
    5 * hour,
    10 * hour,
    14 * hour,
    20 * hour,
    24 * hour,
    null,
  ]);
  expect(waitAfterTry(1, 0.999)).toBeLessThanOrEqual(5_500);
});

describe('the sentence of a report', () => {
  const sentence = (live: number, broke: number, fresh: number, waiting: number) =>
    reportSentence({
      live: { count: live, posts: [] },
      broke: { count: broke, fresh, items: [] },
      waiting: { count: waiting, items: [] },
    });

  it.each([
    [12, 0, 0, 0, 'A quiet night: 12 posts went live, and nothing waits for anybody.'],
    [0, 0, 0, 0, 'A quiet night: nothing went live, and nothing waits for anybody.'],
    [1, 1, 1, 0, '1 publish needs a person, all since the last report; 1 post went live.'],
    [
      5,
      23,
      2,
      1,
      '23 publishes need a person, 2 of them since the last report; 5 posts went live; 1 goes on without help.',
    ],
    [5, 0, 0, 2, 'Nothing needs a person; 5 posts went live; 2 go on without help.'],
    [0, 3, 0, 0, '3 publishes need a person, none of them new; nothing went live.'],
  ])('of %i live, %i broken, %i of them new, %i waiting', (live, broke, fresh, waiting, words) => {
    expect(sentence(live, broke, fresh, waiting)).toBe(words);
  });
});
