// What a process that stays does while a server it needs is away: it waits, says so once, and goes on by itself.
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { StartAgainLater } from '../runtime/start-refused.ts';

const PAUSE_MS = 1_000;

export interface Waiting {
  readonly log: Logger;
  /** Resolves when the process should stop. */
  readonly stop: Promise<void>;
}

/**
 * Does what needs the servers, again and again while one of them does not answer. Null when the process should stop first.
 * @throws StartRefused and everything else that waiting does not mend
 */
export async function untilThere<Result>({ log, stop }: Waiting, work: () => Promise<Result>): Promise<Result | null> {
  const stopped = stop.then(() => null);
  for (let told = ''; ; ) {
    const result = await Promise.race([tryOnce(work), stopped]);
    if (result === null) return null;
    if (!(result instanceof StartAgainLater)) {
      if (told !== '') log.error(`${told} answers again; this process goes on`);
      return result.done;
    }
    // Said as an error, so that it is seen where only those are shown; once for each server, however long it takes.
    if (result.missing !== told) {
      log.error(`${result.what}; what is stored is safe; this process waits for it, and goes on by itself`);
    }
    told = result.missing;
    if ((await Promise.race([pause(PAUSE_MS, 'again'), stopped])) === null) return null;
  }
}

async function tryOnce<Result>(work: () => Promise<Result>): Promise<{ done: Result } | StartAgainLater> {
  try {
    return { done: await work() };
  } catch (error) {
    if (error instanceof StartAgainLater) return error;
    throw error;
  }
}
