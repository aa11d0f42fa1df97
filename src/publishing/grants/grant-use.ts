// The grant of one attempt: opened, and renewed at most once when the platform says that it has expired.
import { type Cause, cause } from '../../domain/causes/causes.ts';
import type { AccountRow } from '../../ledger/schedules/facts.ts';
import type { PlatformSession } from '../../platforms/sessions.ts';
import { StepRefused } from '../../platforms/step-errors.ts';
import { openSession, type SessionFacts } from '../session/session.ts';
import { openCredentials, renew } from './renew.ts';

export interface GrantUse {
  session(): PlatformSession;
  /** Runs a repeatable step, once more after a renewal. @throws StepRefused | StepUnanswered */
  run<Result>(step: (session: PlatformSession) => Promise<Result>): Promise<Result>;
  /** True when no renewal is left: an expiry now means that the connection is dead. */
  spent(): boolean;
}

/** Opens the grant. `renewFirst`: the platform called it expired a moment ago. @throws StepRefused | StepUnanswered */
export async function openGrantUse(
  facts: Omit<SessionFacts, 'account' | 'grant'>,
  account: AccountRow,
  renewFirst: boolean,
): Promise<GrantUse> {
  const forSchedule = { ...facts, subject: facts.schedule };
  let current = await openCredentials(forSchedule, account);
  let session = openSession({ ...facts, ...current });
  let renewed = false;
  const renewOnce = async () => {
    renewed = true;
    current = await renew(forSchedule, current);
    session = openSession({ ...facts, ...current });
  };
  if (renewFirst) await renewOnce();
  return {
    session: () => session,
    spent: () => renewed,
    async run(step) {
      for (;;) {
        try {
          return await step(session);
        } catch (error) {
          if (!(error instanceof StepRefused) || error.cause.code !== 'auth_expired') throw error;
          if (renewed) throw new StepRefused(asDeadConnection(error.cause));
          await renewOnce();
        }
      }
    },
  };
}

/** A grant that is refused as expired right after its renewal can only be reconnected by a person. */
export function asDeadConnection(refusal: Cause): Cause {
  return cause({ ...refusal, code: 'reconnect_required' });
}
