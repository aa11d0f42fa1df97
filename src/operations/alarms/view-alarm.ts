// An alarm as API and page show it.
import { ALARM_KINDS, type AlarmView, recoveryOf } from '../../domain/alarms/alarm.ts';
import type { Alarm } from '../../ledger/alarms/alarms.ts';

export function viewAlarm({ id, kind, subject, severity, state, says, traceId, count, ...alarm }: Alarm): AlarmView {
  const { means, mode } = ALARM_KINDS[kind];
  return {
    ...{ id, kind, means, mode, subject, severity, state, says, next: recoveryOf(kind), traceId, count },
    firstAt: alarm.firstAt.toISOString(),
    lastAt: alarm.lastAt.toISOString(),
    endedBy: alarm.endedBy,
    resolvedAt: alarm.resolvedAt?.toISOString() ?? null,
    words: alarm.words.map(({ verdict, note, by, at }) => ({ verdict, note, by: by.label, at })),
  };
}
