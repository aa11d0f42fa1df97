import { expect, it } from 'vitest';
import { type AlarmEvent, type AlarmState, afterAlarmEvent } from '../../src/domain/alarms/alarm.ts';

// `provable`: its end can be proved, as that of an outage. `lasting`: only a person can say that it is over.
const rows: readonly [AlarmState, AlarmEvent, provable: AlarmState | null, lasting: AlarmState | null][] = [
  ['open', 'again', 'open', 'open'],
  ['open', 'ack', 'acked', 'acked'],
  ['open', 'resolve', 'resolved', 'resolved'],
  ['open', 'ended', 'resolved', null],
  ['acked', 'again', 'acked', 'acked'],
  ['acked', 'ack', null, null],
  ['acked', 'resolve', 'resolved', 'resolved'],
  ['acked', 'ended', 'resolved', null],
  ['resolved', 'again', null, null],
  ['resolved', 'ack', null, null],
  ['resolved', 'resolve', null, null],
  ['resolved', 'ended', null, null],
];
it.each(rows)('an alarm that is %s, after %s', (state, event, provable, lasting) => {
  expect(afterAlarmEvent(state, event, 'integration_down')).toBe(provable);
  expect(afterAlarmEvent(state, event, 'secret_leak_detected')).toBe(lasting);
});
