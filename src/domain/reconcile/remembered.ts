// What Temporal remembers of a publish. It survives a database that lost its newest commits: a promoted replica, a backup that
// was restored while runs were open. A ledger that knows less must not create (law 4). Pure.
import { z } from 'zod';

/** A create that may have left, as heartbeats name it. */
const sentMarkSchema = z.object({ id: z.uuid(), sentAt: z.iso.datetime(), sendDeadline: z.iso.datetime() });
export type SentMark = z.infer<typeof sentMarkSchema>;

/** What an attempt tells Temporal with every heartbeat. */
export const heartbeatSchema = z.object({
  doing: z.string(),
  attempt: z.int().nonnegative().optional(),
  intent: sentMarkSchema.optional(),
});
export type Heartbeat = z.infer<typeof heartbeatSchema>;

export interface Remembered {
  /** The number of the newest attempt that Temporal knows of; 0: of none. */
  readonly attempts: number;
  /** The create that the attempt before this one had sent, if it came to say so. */
  readonly intent: SentMark | null;
}

/** What the run and its last heartbeat know together; null when that is nothing. */
export function remembered(attempts: unknown, details: unknown): Remembered | null {
  const known = z.int().nonnegative().safeParse(attempts).data ?? 0;
  const beat = heartbeatSchema.safeParse(details).data;
  const newest = Math.max(known, beat?.attempt ?? 0);
  return newest === 0 && !beat?.intent ? null : { attempts: newest, intent: beat?.intent ?? null };
}

/** Whether the ledger is behind: it knows fewer attempts, or not the create that was sent. */
export function isBehind(
  { attempts, intent }: Remembered,
  ledger: { readonly attemptsMade: number; readonly knowsIntent: boolean },
): boolean {
  return ledger.attemptsMade < attempts || (intent !== null && !ledger.knowsIntent);
}
