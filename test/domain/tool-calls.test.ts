// When a call that is on record may be made again, when a look calls it absent (law 4), and what its key is made of, written out.
import { describe, expect, it, test } from 'vitest';
import type { Effect } from '../../src/domain/pipeline/contract.ts';
import {
  type Miss,
  readMiss,
  requestText,
  stepAfter,
  type ToolCallState,
  type ToolCallStep,
  type ToolCallSubject,
  toolCallText,
} from '../../src/domain/tool-calls/tool-call.ts';

/** State, effect, whether the other side can be asked, and what follows for whoever wants to make it. */
const STEPS: readonly (readonly [ToolCallState, Effect, boolean, ToolCallStep])[] = [
  ['attempted', 'none', false, 'call'],
  ['attempted', 'none', true, 'call'],
  ['attempted', 'idempotent', false, 'call'],
  ['attempted', 'idempotent', true, 'call'],
  ['attempted', 'once', false, 'person'],
  ['attempted', 'once', true, 'look'],
  ['unknown', 'none', false, 'call'],
  ['unknown', 'none', true, 'call'],
  ['unknown', 'idempotent', false, 'call'],
  ['unknown', 'idempotent', true, 'call'],
  ['unknown', 'once', false, 'person'],
  ['unknown', 'once', true, 'look'],
  ['succeeded', 'none', false, 'earlier'],
  ['succeeded', 'none', true, 'earlier'],
  ['succeeded', 'idempotent', false, 'earlier'],
  ['succeeded', 'idempotent', true, 'earlier'],
  ['succeeded', 'once', false, 'earlier'],
  ['succeeded', 'once', true, 'earlier'],
  ['failed', 'none', false, 'call'],
  ['failed', 'none', true, 'call'],
  ['failed', 'idempotent', false, 'call'],
  ['failed', 'idempotent', true, 'call'],
  ['failed', 'once', false, 'call'],
  ['failed', 'once', true, 'call'],
];

describe('a call that is on record', () => {
  test.each(STEPS)('as %s, of effect %s, that can be asked about: %s, leads to: %s', (state, effect, canLook, step) => {
    expect(stepAfter(state, effect, canLook)).toBe(step);
  });
});

const SECOND = 1_000;
/** It could leave until 12:00:10, works on for 60 s at most, and what it did may stay hidden for 120 s more: looks count from 12:03:10. */
const COUNTS = Date.parse('2026-12-01T12:03:10Z');
const MISS = {
  leaveBy: new Date('2026-12-01T12:00:10Z'),
  longestMs: 60 * SECOND,
  horizonMs: 120 * SECOND,
  spacingMs: 30 * SECOND,
} as const satisfies Partial<Miss>;

const again = (afterMs: number, missedAfterMs: number | null) => ({
  absent: false,
  at: new Date(COUNTS + afterMs),
  missedAt: missedAfterMs === null ? null : new Date(COUNTS + missedAfterMs),
});

/** Milliseconds from the instant at which looks count: of this look, and of the one before it that counted and missed. */
const MISSES: readonly (readonly [string, number, number | null, object])[] = [
  ['while it may still leave', -185 * SECOND, null, again(0, null)],
  ['at its deadline', -180 * SECOND, null, again(0, null)],
  ['while it may still be at work', -121 * SECOND, null, again(0, null)],
  ['while what it did may be hidden', -120 * SECOND, null, again(0, null)],
  ['a millisecond too early to count', -1, null, again(0, null)],
  ['too early to count, whatever was counted before', -1, -40 * SECOND, again(0, null)],
  ['as early as it counts', 0, null, again(30 * SECOND, 0)],
  ['long after that', 86_400 * SECOND, null, again(86_430 * SECOND, 86_400 * SECOND)],
  ['a second time at the same instant', 0, 0, again(30 * SECOND, 0)],
  ['a second time, a millisecond too soon after the first', 30 * SECOND - 1, 0, again(30 * SECOND, 0)],
  ['a second time as soon as it counts', 30 * SECOND, 0, { absent: true }],
  ['a second time days later', 200_000 * SECOND, 0, { absent: true }],
];

describe('a look that finds nothing', () => {
  test.each(MISSES)('%s', (_name, atMs, missedMs, says) => {
    const missedAt = missedMs === null ? null : new Date(COUNTS + missedMs);
    expect(readMiss({ ...MISS, at: new Date(COUNTS + atMs), missedAt })).toEqual(says);
  });
});

const CALL: ToolCallSubject = {
  workspaceId: 'w1',
  task: '20261201-120000-sea',
  step: 'style',
  action: 'http tools.example',
  request: { url: 'https://tools.example/style', slug: 'sea', inputs: [['draft.md', 'a'.repeat(64)]] },
};

describe('the key of a call', () => {
  it('is made of each part after its length, in the canonical form of the request', () => {
    expect(toolCallText({ ...CALL, request: { b: 1, a: [true, null] } })).toBe(
      '2:w1' + '19:20261201-120000-sea' + '5:style' + '18:http tools.example' + '23:{"a":[true,null],"b":1}',
    );
  });

  it.each<[string, Partial<ToolCallSubject>]>([
    ['the workspace', { workspaceId: 'w2' }],
    ['the run', { task: '20261201-120001-sea' }],
    ['the stage', { step: 'seo' }],
    ['who is asked', { action: 'http other.example' }],
    ['what is asked for', { request: { slug: 'lake' } }],
    ['the border between two parts', { task: '20261201-120000-seas', step: 'tyle' }],
  ])('is another where %s differs', (_name, other) => {
    expect(toolCallText({ ...CALL, ...other })).not.toBe(toolCallText(CALL));
  });

  it('holds no secret, by which two requests of one key may differ', () => {
    const request = (token: string) => ({ url: `https://tools.example/style?token=${token}` });
    const [one, other] = ['0a1b2c3d4e', '5f6a7b8c9d'].map((token) => ({ ...CALL, request: request(token) }));
    expect(toolCallText(one ?? CALL)).not.toContain('0a1b2c3d4e');
    expect(toolCallText(one ?? CALL)).toBe(toolCallText(other ?? CALL));
    expect(requestText(one?.request)).not.toBe(requestText(other?.request));
  });
});
