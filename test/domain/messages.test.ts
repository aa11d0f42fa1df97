// The messages of a publish (DESIGN section 3): what each may carry, and how each is decided in every state.
import { describe, expect, it, test } from 'vitest';
import { BLOCKED_REASONS, type GateResult } from '../../src/domain/gate/gate.ts';
import {
  decideMessage,
  MESSAGE_REFUSALS,
  MESSAGE_SCHEMAS,
  type Message,
  type MessageFacts,
  refusalText,
} from '../../src/domain/messages/messages.ts';
import { SCHEDULE_STATES, type ScheduleState } from '../../src/domain/schedules/states.ts';

const NOW = Date.parse('2026-12-01T09:00:00Z');
const STATES = Object.keys(SCHEDULE_STATES).filter((name): name is ScheduleState =>
  Object.hasOwn(SCHEDULE_STATES, name),
);
const FACTS: MessageFacts = {
  state: 'failed',
  intentOpen: false,
  attemptsMade: 2,
  causeCode: null,
  gate: { verdict: 'replayable' },
  nowMs: NOW,
};

const by = { decidedBy: 'Olga', evidence: 'looked' };
const LIVE: Message = { name: 'resolve', body: { verdict: 'live', platformPostId: '1', ...by } };
const NOT_LIVE: Message = { name: 'resolve', body: { verdict: 'not_live', ...by } };
const CANCEL: Message = { name: 'cancel', body: {} };
const RESUME: Message = { name: 'resume', body: {} };
const HANDOFF: Message = { name: 'handoff', body: {} };
const COMPLETE: Message = { name: 'completeHandoff', body: { completedBy: 'Hana' } };
const reschedule = (publishAt: string): Message => ({ name: 'reschedule', body: { publishAt } });
const LATER = reschedule('2026-12-02T09:00:00Z');

const yes = (event: string, effect: string) => ({ accepted: true, event, effect });
const no = (reason: string, reasons: readonly string[] = []) => ({ accepted: false, reason, reasons });

/** What a cell of the table stands for. */
const CELLS = {
  live: yes('published', 'end'),
  dead: yes('resolved_not_live', 'wait_for_person'),
  stop: yes('canceled', 'end'),
  hand: yes('handed_off', 'wait_for_person'),
  move: yes('rescheduled', 'wait_until'),
  done: yes('handoff_completed', 'end'),
  unco: no('not_unconfirmed'),
  earl: no('too_early_to_deny'),
  left: no('call_may_have_left'),
  runs: no('still-running'),
  over: no('already_over'),
  hnot: no('handoff-not-replayable'),
  nohp: no('not_in_handoff'),
  hurr: yes('hurried', 'publish'),
  nowt: no('not_waiting'),
};

/** Message, whether a call may have left, and the answer in each state, in the order of the states. */
const TABLE: readonly (readonly [string, Message, boolean, string])[] = [
  //                                          qu   po   rl   ou   un   fa   bl   rr   hp   he   mi   pu   hc   ca
  ['resolve live', LIVE, true, '              unco unco unco live live unco unco unco unco unco unco unco unco unco'],
  ['resolve live', LIVE, false, '             unco unco unco live live unco unco unco unco unco unco unco unco unco'],
  ['resolve not_live', NOT_LIVE, true, '      unco unco unco earl dead unco unco unco unco unco unco unco unco unco'],
  ['resolve not_live', NOT_LIVE, false, '     unco unco unco earl dead unco unco unco unco unco unco unco unco unco'],
  ['cancel', CANCEL, true, '                  left left left left left left left left left left left left left left'],
  ['cancel', CANCEL, false, '                 stop stop stop stop left stop stop stop stop stop stop over over over'],
  ['handoff', HANDOFF, true, '                left left left left left left left left left left left left left left'],
  ['handoff', HANDOFF, false, '               hand hand hand hand left hand hand hand hnot hand hand over over over'],
  ['reschedule', LATER, true, '               left left left left left left left left left left left left left left'],
  ['reschedule', LATER, false, '              move runs move runs left move move move hnot move move over over over'],
  ['resume', RESUME, true, '                  nowt nowt hurr nowt nowt nowt nowt nowt nowt nowt nowt over over over'],
  ['resume', RESUME, false, '                 nowt nowt hurr nowt nowt nowt nowt nowt nowt nowt nowt over over over'],
  ['completeHandoff', COMPLETE, true, '       nohp nohp nohp nohp nohp nohp nohp nohp done nohp nohp nohp nohp nohp'],
  ['completeHandoff', COMPLETE, false, '      nohp nohp nohp nohp nohp nohp nohp nohp done nohp nohp nohp nohp nohp'],
];

test('an unconfirmed post is denied only once it can no longer appear', () => {
  const unconfirmed = { ...FACTS, state: 'unconfirmed', intentOpen: true } as const;
  const soon = new Date(NOW + 1);
  expect(decideMessage(NOT_LIVE, { ...unconfirmed, mayAppearUntil: soon })).toEqual({ ...CELLS.earl, until: soon });
  expect(decideMessage(NOT_LIVE, { ...unconfirmed, mayAppearUntil: new Date(NOW) })).toEqual(CELLS.dead);
  expect(decideMessage(LIVE, { ...unconfirmed, mayAppearUntil: soon })).toEqual(CELLS.live);
});

describe.each(TABLE)('%s', (_, message, intentOpen, cells) => {
  it(`is decided by the table while ${intentOpen ? 'a call may have left' : 'no call is open'}`, () => {
    const row = cells.trim().split(/\s+/);
    expect(row).toHaveLength(STATES.length);
    STATES.forEach((state, column) => {
      expect(decideMessage(message, { ...FACTS, state, intentOpen }), state).toEqual(
        Reflect.get(CELLS, row[column] ?? ''),
      );
    });
  });
});

describe.each(['replay', 'requestReplay'] as const)('%s', (name) => {
  const blocked = (...reasons: readonly (typeof BLOCKED_REASONS)[number][]): GateResult => {
    const [reason = 'already-posted'] = reasons;
    return { verdict: 'blocked', reason, reasons };
  };

  it('is the gate, whatever the state and whether or not a call may have left', () => {
    for (const state of STATES) {
      for (const intentOpen of [false, true]) {
        const facts = { ...FACTS, state, intentOpen };
        // What was missed goes out only at a new time.
        const answer = state === 'missed' ? no('too_late') : yes('replayed', 'publish');
        expect(decideMessage({ name, body: {} }, facts)).toEqual(answer);
        for (const reason of BLOCKED_REASONS) {
          expect(decideMessage({ name, body: {} }, { ...facts, gate: blocked(reason) })).toEqual(no(reason, [reason]));
        }
      }
    }
  });

  it('names every reason that holds, the first one as its answer', () => {
    const gate = blocked('canceled-not-replayable', 'not-connected');
    const refusal = no('canceled-not-replayable', ['canceled-not-replayable', 'not-connected']);
    expect(decideMessage({ name, body: {} }, { ...FACTS, gate })).toEqual(refusal);
  });

  it('is refused when another attempt was made than the one its sender saw, before the gate is asked', () => {
    for (const expectedAttempt of [0, 1, 3]) {
      expect(decideMessage({ name, body: { expectedAttempt } }, FACTS)).toEqual(no('attempt_mismatch'));
      expect(decideMessage({ name, body: { expectedAttempt } }, { ...FACTS, gate: blocked('not-connected') })).toEqual(
        no('attempt_mismatch'),
      );
    }
    expect(decideMessage({ name, body: { expectedAttempt: 2 } }, FACTS)).toEqual(yes('replayed', 'publish'));
  });
});

test('a wait that the platform itself asked for is not cut short', () => {
  const throttled = { ...FACTS, state: 'retry_later', causeCode: 'rate_limited' } as const;
  expect(decideMessage(RESUME, throttled)).toEqual(no('throttled'));
  expect(decideMessage(RESUME, { ...throttled, causeCode: 'publish_failed' })).toEqual(yes('hurried', 'publish'));
});

/** Two years of 365 days from now is as far as a schedule may be moved. */
test.each([
  ['2026-12-01T08:59:59.999Z', no('publish_at_in_past')],
  ['1970-01-01T00:00:00Z', no('publish_at_in_past')],
  ['2026-12-01T09:00:00Z', yes('rescheduled', 'wait_until')],
  ['2026-12-01T10:00:00+01:00', yes('rescheduled', 'wait_until')],
  ['2028-11-30T09:00:00.000Z', yes('rescheduled', 'wait_until')],
  ['2028-11-30T09:00:00.001Z', no('publish_at_too_far')],
  ['9999-12-31T23:59:59Z', no('publish_at_too_far')],
])('reschedule to %s', (publishAt, answer) => {
  expect(decideMessage(reschedule(publishAt), FACTS)).toEqual(answer);
});

describe('what a message may carry', () => {
  const long = (chars: number) => 'x'.repeat(chars);
  const url = 'https://x.com/i/web/status/1';

  it.each([
    ['replay', {}],
    ['replay', { requestedBy: 'Olga', note: '', expectedAttempt: 0 }],
    ['requestReplay', { requestedBy: ` ${long(200)} `, note: long(2_000) }],
    ['resolve', { verdict: 'live', platformPostId: '1', url, ...by }],
    ['resolve', { verdict: 'live', platformPostId: '1', ...by }],
    ['resolve', { verdict: 'not_live', ...by }],
    ['cancel', {}],
    ['cancel', { requestedBy: 'Olga', note: 'no' }],
    ['reschedule', { publishAt: '2026-12-01T09:00:00Z' }],
    ['reschedule', { publishAt: '2026-12-01T09:00:00+05:30', requestedBy: 'Olga' }],
    ['handoff', { owner: 'Hana', reason: 'needs a sticker', requestedBy: 'Olga' }],
    ['completeHandoff', { completedBy: 'Hana', url, note: 'done' }],
  ] as const)('%s takes %j', (name, body) => {
    expect(MESSAGE_SCHEMAS[name].safeParse(body).success).toBe(true);
  });

  it.each([
    ['replay', { requestedBy: '' }],
    ['replay', { requestedBy: '   ' }],
    ['replay', { requestedBy: long(201) }],
    ['replay', { note: long(2_001) }],
    ['replay', { note: 'nul \u0000' }],
    ['replay', { requestedBy: 'lone \ud800' }],
    ['replay', { expectedAttempt: -1 }],
    ['replay', { expectedAttempt: 1.5 }],
    ['replay', { expectedAttempt: '1' }],
    ['replay', { expectedAttempts: 1 }],
    ['replay', null],
    ['replay', 'please'],
    ['replay', []],
    ['requestReplay', { note: 7 }],
    ['resolve', {}],
    ['resolve', { verdict: 'maybe', ...by }],
    ['resolve', { verdict: 'live', ...by }],
    ['resolve', { verdict: 'live', platformPostId: '1', decidedBy: 'Olga' }],
    ['resolve', { verdict: 'live', platformPostId: '1', evidence: 'x' }],
    ['resolve', { verdict: 'live', platformPostId: '1', url: 'javascript:alert(1)', ...by }],
    ['resolve', { verdict: 'live', platformPostId: '1', url: 'https://a.test/\ud800', ...by }],
    ['resolve', { verdict: 'not_live', platformPostId: '1', ...by }],
    ['resolve', { verdict: 'not_live', decidedBy: 'Olga', evidence: ' ' }],
    ['reschedule', {}],
    ['reschedule', { publishAt: null }],
    ['reschedule', { publishAt: 'tomorrow' }],
    ['reschedule', { publishAt: '2026-12-01' }],
    ['reschedule', { publishAt: '2026-12-01T09:00:00' }],
    ['reschedule', { publishAt: '2026-02-30T09:00:00Z' }],
    ['reschedule', { publishAt: '2026-12-01T24:00:00Z' }],
    ['reschedule', { publishAt: 'NaN' }],
    ['reschedule', { publishAt: 1_796_115_600_000 }],
    ['handoff', { owner: { id: 1 } }],
    ['completeHandoff', {}],
    ['completeHandoff', { completedBy: 'Hana', url: 'ftp://a.test' }],
  ] as const)('%s does not take %j', (name, body) => {
    expect(MESSAGE_SCHEMAS[name].safeParse(body).success).toBe(false);
  });
});

test('every refusal has its sentence', () => {
  expect(Object.keys(MESSAGE_REFUSALS)).toEqual([
    'unknown_message',
    'malformed_message',
    'attempt_mismatch',
    'call_may_have_left',
    'not_unconfirmed',
    'too_early_to_deny',
    'not_in_handoff',
    'published_in_future',
    'post_claimed',
    'publish_at_in_past',
    'publish_at_too_far',
    'already_over',
    'too_late',
    'throttled',
    'not_waiting',
  ]);
  const codes = ['unknown_message', 'attempt_mismatch', 'already_over', ...BLOCKED_REASONS] as const;
  for (const code of codes) expect(refusalText(code)).toMatch(/^[A-Z].+\.$/);
});
