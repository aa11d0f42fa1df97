// The text an operator reads in the Temporal UI: what happened, what it waits for, and messages that will be accepted.
import { describe, expect, it, test } from 'vitest';
import { decideMessage, type Message } from '../../src/domain/messages/messages.ts';
import type { PublishResult } from '../../src/domain/schedules/publish-result.ts';
import { SCHEDULE_STATES, type ScheduleState } from '../../src/domain/schedules/states.ts';
import { details, type PublishStatus } from '../../workflows/status.ts';

const RESULT: PublishResult = {
  scheduleId: 's1',
  state: 'failed',
  platform: 'x',
  accountName: 'brand',
  workspaceId: 'w1',
  attempts: 2,
  wakeAt: null,
  cause: null,
  blockedReason: null,
  platformPostId: null,
  url: null,
};
const status = (change: Partial<PublishResult>, more: Partial<PublishStatus> = {}): PublishStatus => ({
  scheduleId: 's1',
  result: { ...RESULT, ...change },
  running: false,
  messages: [],
  ...more,
});

const NOW = Date.parse('2026-11-30T09:00:00Z');
const by = { decidedBy: 'Olga', evidence: 'looked' };
const MESSAGES: Readonly<Record<string, Message>> = {
  replay: { name: 'replay', body: {} },
  resume: { name: 'resume', body: {} },
  reschedule: { name: 'reschedule', body: { publishAt: '2026-12-01T09:00:00Z' } },
  handoff: { name: 'handoff', body: {} },
  cancel: { name: 'cancel', body: {} },
  resolve: { name: 'resolve', body: { verdict: 'live', platformPostId: '1', ...by } },
  completeHandoff: { name: 'completeHandoff', body: { completedBy: 'Hana' } },
};

/** What may be sent in each state, as the design has it. */
const MAY_SEND: Readonly<Record<ScheduleState, readonly string[]>> = {
  queued: ['reschedule', 'handoff', 'cancel'],
  posting: [],
  retry_later: ['resume', 'reschedule', 'handoff', 'cancel'],
  outcome_unknown: ['resolve'],
  unconfirmed: ['resolve', 'replay'],
  failed: ['replay', 'reschedule', 'handoff', 'cancel'],
  blocked: ['replay', 'reschedule', 'handoff', 'cancel'],
  repair_required: ['replay', 'reschedule', 'handoff', 'cancel'],
  handoff_pending: ['completeHandoff', 'cancel'],
  held: ['reschedule', 'handoff', 'cancel'],
  missed: ['reschedule', 'handoff', 'cancel'],
  published: [],
  handoff_completed: [],
  canceled: [],
};
const STATES = Object.keys(SCHEDULE_STATES).filter((name): name is ScheduleState => Object.hasOwn(MAY_SEND, name));

test.each(STATES)('in state %s it names the messages that may be sent, and each of them would be accepted', (state) => {
  const line = /\*\*You may send:\*\*.*/.exec(details(status({ state })))?.[0] ?? '';
  const named = [...line.matchAll(/`(\w+)`/g)]
    .map(([, name]) => name ?? '')
    .filter((name) => Object.hasOwn(MESSAGES, name));
  expect(named).toEqual(MAY_SEND[state]);
  const intentOpen = state === 'unconfirmed' || state === 'outcome_unknown';
  for (const message of named.flatMap((name) => MESSAGES[name] ?? [])) {
    const facts = { state, intentOpen, attemptsMade: 2, causeCode: null, gate: { verdict: 'replayable' }, nowMs: NOW } as const;
    expect(decideMessage(message, facts), message.name).toMatchObject({ accepted: true });
  }
});

describe('the details', () => {
  it('say what runs now', () => {
    const again = details(status({ cause: { code: 'unknown', text: 'Of the last attempt.' } }, { running: true }));
    expect(again).toMatch(/^\*\*Publishing\.\*\* An attempt is under way\./);
    expect(again).not.toContain('Of the last attempt.');
    expect(details({ scheduleId: null, result: null, running: false, messages: [] })).toContain('**Publishing.**');
  });

  it('say why it stopped, in the words of the platform', () => {
    const text = details(status({ cause: { code: 'publish_failed', text: 'This Tweet contains an invalid URL.' } }));
    expect(text).toContain(
      '**Failed** for x account **brand**: not published; a person is needed. Attempts so far: 2.',
    );
    expect(text).toContain('**Why:** `publish_failed` This Tweet contains an invalid URL.');
  });

  it('say what blocks it, until when it waits, and where it is live', () => {
    expect(details(status({ state: 'blocked', blockedReason: 'not-connected' }))).toContain(
      '**Blocked:** `not-connected` The account is not connected; reconnect it, then replay.',
    );
    expect(details(status({ state: 'retry_later', wakeAt: '2026-12-01T09:00:00.000Z' }))).toContain(
      '**Goes on by itself** at 2026-12-01T09:00:00.000Z.',
    );
    const live = { state: 'published', platformPostId: '1', url: 'https://x.com/i/web/status/1' } as const;
    expect(details(status(live))).toBe('**Live** on x account **brand**: <https://x.com/i/web/status/1>');
    expect(details(status({ ...live, url: null, platformPostId: 'at://a_b' }))).toContain('post at://a\\_b');
  });

  it('show the newest messages with their verdicts', () => {
    const verdict = { reasons: [], effect: null, until: null };
    const messages = [
      {
        ...verdict,
        message: 'replay',
        accepted: false,
        reason: 'not-connected',
        text: 'The account is not connected.',
      },
      { ...verdict, message: 'cancel', accepted: true, reason: null, text: 'Accepted.' },
      { ...verdict, message: 'replay', accepted: false, reason: null, text: 'Unanswered.' },
    ] as const;
    expect(details(status({}, { messages }))).toContain(
      '**Messages**\n\n- `replay` refused, `not-connected`: The account is not connected.\n- `cancel` accepted: Accepted.\n' +
        '- `replay` refused, `unanswered`: Unanswered.',
    );
  });

  it.each([
    ['a **bold** _word_', 'a \\*\\*bold\\*\\* \\_word\\_'],
    ['<script>alert(1)</script>', '\\<script\\>alert(1)\\</script\\>'],
    ['[link](https://evil.test) ![x](y)', '\\[link\\](https://evil.test) \\!\\[x\\](y)'],
    ['line\n\n# Heading\n| a | b |', 'line \\# Heading \\| a \\| b \\|'],
    ['`code` {x} \\n', '\\`code\\` \\{x\\} \\\\n'],
  ])('show other people’s words %j as words', (text, shown) => {
    expect(details(status({ cause: { code: 'unknown', text } }))).toContain(`**Why:** \`unknown\` ${shown}`);
  });

  it.each([
    ['https://x.com/a b<c>', '<https://x.com/a%20b%3Cc%3E>'],
    ['https://x.com/[a](javascript:alert(1))', '<https://x.com/[a](javascript:alert(1))>'],
  ])('show the address %j as one address', (url, shown) => {
    expect(details(status({ state: 'published', platformPostId: '1', url }))).toContain(shown);
  });
});
