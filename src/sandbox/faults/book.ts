// The schedule of faults: which call of which account meets what, how often, and which have fired.
import { z } from 'zod';
import { coversCall } from '../calls.ts';
import type { Journal } from '../journal.ts';
import { type Fault, type FaultPhase, faultSchema, phaseOf } from './kinds.ts';

/** The record of one scheduled fault. */
export const scheduledSchema = z.object({
  id: z.string(),
  platform: z.string(),
  /** Null: any account. */
  account: z.string().nullable(),
  /** A call's name; without a variant it covers every variant, `*` covers every call. */
  call: z.string(),
  fault: faultSchema,
  /** How many calls it still meets; null: every one. */
  timesLeft: z.number().nullable(),
  /** How many matching calls still pass unharmed first. */
  skipLeft: z.number(),
  fired: z.number(),
  lastFiredAtMs: z.number().nullable(),
  cancelled: z.boolean(),
});

/** One scheduled fault and how far it is. */
export type ScheduledFault = z.infer<typeof scheduledSchema>;

/** A call as the schedule sees it. */
export type MetCall = { platform: string; account: string | null; call: string };

/** The schedule. `take` consumes at most one fault of the phase; `takeAll` every effect that meets the call. */
export type FaultBook = {
  schedule(fault: Omit<ScheduledFault, 'id' | 'fired' | 'lastFiredAtMs' | 'cancelled'>): ScheduledFault;
  /** Every pending fault, or those of one account; a fault for any account stays then. */
  cancel(account?: string): void;
  all(): ScheduledFault[];
  take(call: MetCall, phase: FaultPhase, nowMs: number): Fault | undefined;
  takeAll(call: MetCall, phase: FaultPhase, nowMs: number): Fault[];
};

/** Opens the schedule over the journal. */
export function openFaultBook(journal: Journal): FaultBook {
  const all = new Map<string, ScheduledFault>();
  const pending = new Map<string, ScheduledFault>();
  const room = journal.room({
    name: 'faults',
    schema: scheduledSchema,
    apply: (fault) => {
      all.set(fault.id, fault);
      if (fault.cancelled || fault.timesLeft === 0) pending.delete(fault.id);
      else pending.set(fault.id, fault);
    },
    clear: () => {
      all.clear();
      pending.clear();
    },
  });

  const meets = (scheduled: ScheduledFault, { platform, account, call }: MetCall, phase: FaultPhase) =>
    scheduled.platform === platform &&
    (scheduled.account === null || scheduled.account === account) &&
    coversCall(scheduled.call, call) &&
    phaseOf(scheduled.fault) === phase;

  const fire = (scheduled: ScheduledFault, nowMs: number): Fault | undefined => {
    if (scheduled.skipLeft > 0) {
      room.put({ ...scheduled, skipLeft: scheduled.skipLeft - 1 });
      return undefined;
    }
    const timesLeft = scheduled.timesLeft === null ? null : scheduled.timesLeft - 1;
    room.put({ ...scheduled, timesLeft, fired: scheduled.fired + 1, lastFiredAtMs: nowMs });
    return scheduled.fault;
  };
  const matching = (call: MetCall, phase: FaultPhase) =>
    pending.size === 0 ? [] : [...pending.values()].filter((scheduled) => meets(scheduled, call, phase));

  return {
    schedule: (fault) => {
      const scheduled = { ...fault, id: `fault-${all.size + 1}`, fired: 0, lastFiredAtMs: null, cancelled: false };
      room.put(scheduled);
      return scheduled;
    },
    cancel: (account) => {
      for (const scheduled of [...pending.values()]) {
        if (account === undefined || scheduled.account === account) room.put({ ...scheduled, cancelled: true });
      }
    },
    all: () => [...all.values()],
    take: (call, phase, nowMs) => {
      for (const scheduled of matching(call, phase)) {
        const fault = fire(scheduled, nowMs);
        if (fault) return fault;
      }
      return undefined;
    },
    takeAll: (call, phase, nowMs) => matching(call, phase).flatMap((scheduled) => fire(scheduled, nowMs) ?? []),
  };
}
