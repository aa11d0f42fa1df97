// Starts a workflow for somebody who waits for an answer. A Temporal under load may take longer than a person should: the start
// goes on then, under an id that makes a second one harmless, and whoever waits is told that it has not begun yet.
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Clock } from '../../runtime/clock.ts';

/** So long somebody waits. */
const ANSWERED_WITHIN_MS = 3_000;
/** So long it is tried; what has not begun by then, the sweep starts. */
const TRIED_FOR_MS = 30_000;

export interface StartedSoon {
  readonly client: Client;
  readonly clock: Clock;
  readonly start: () => Promise<unknown>;
  /** Told when it could not be started, with why. */
  readonly failed: (why: string) => void;
}

/** `started`, or `pending` while it has not begun and where it could not be started; never throws. */
export async function startSoon({ client, clock, start, failed }: StartedSoon): Promise<'started' | 'pending'> {
  const enough = new AbortController();
  const trying = client.withDeadline(clock.machineNow().getTime() + TRIED_FOR_MS, start).then(
    () => 'started' as const,
    (error: unknown) => {
      failed(String(error));
      return 'pending' as const;
    },
  );
  const waited = pause(ANSWERED_WITHIN_MS, 'pending' as const, { signal: enough.signal }).catch(
    () => 'pending' as const,
  );
  const answer = await Promise.race([trying, waited]);
  enough.abort();
  return answer;
}
