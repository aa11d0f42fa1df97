// Who asked for a replay that came through Temporal. What passes there proves nobody, so the update's id only leads to the
// record of the request, which a door of ours wrote, with its proven caller, before the update was sent. It counts for
// that one replay: of this schedule, of the same attempt, with the same note, once, and not for long.
import { timingSafeEqual } from 'node:crypto';
import { and, desc, eq, gt, sql } from 'drizzle-orm';
import { z } from 'zod';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import type { Message } from '../../domain/messages/messages.ts';
import { type Actor, actorSchema } from '../../domain/people/actor.ts';
import { keyOf, type ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import type { Tx } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import type { ScheduleRow } from '../schedules/facts.ts';
import { belongsTo } from '../schema/keys.ts';
import { auditEvents } from '../schema/records.ts';
import { messages } from '../schema/schedules.ts';

/** An update may wait out an outage of the workers or of the database; after that nobody answers for it any more. */
const HOLDS_FOR_MS = 3_600_000;

/** `<run>/<call>/<mark>`, and a number where it was sent once more. A call's id may have slashes of its own. */
const UPDATE = /^[^/]+\/(?<callId>.+)\/(?<mark>[\w-]{43})(?:\/\d)?$/;

/**
 * The id of the update that carries a replay: the same for every try of a call, and never guessed, since a part of it is
 * made with the key of this installation. `sent`: how many times the call was sent, from 1.
 */
export function replayUpdateId({ sealer }: Pick<Ledger, 'sealer'>, key: ScheduleKey, callId: string, sent: number) {
  const id = `${callId}/${markOf(sealer, key, callId)}`;
  return sent === 1 ? id : `${id}/${sent}`;
}

const markOf = (sealer: Ledger['sealer'], { workspaceId, scheduleId }: ScheduleKey, callId: string) =>
  sealer.mark(JSON.stringify(['replay', workspaceId, scheduleId, callId]));

const recordSchema = z.object({ attempts: z.int(), note: z.string().nullable() });

/** The proven caller of a replay by the id of its message, or null when nobody of ours asked for it. */
export async function provenCaller(
  tx: Tx,
  { sealer, clock }: Ledger,
  schedule: ScheduleRow,
  { messageId, parsed }: { readonly messageId: string; readonly parsed: Message },
): Promise<Actor | null> {
  const { callId, mark } = UPDATE.exec(messageId)?.groups ?? {};
  if (parsed.name !== 'requestReplay' || callId === undefined || mark === undefined) return null;
  const key = keyOf(schedule);
  if (!timingSafeEqual(Buffer.from(mark), Buffer.from(markOf(sealer, key, callId)))) return null;
  if (await wasUsed(tx, key, `/${callId}/${mark}/`)) return null;
  const since = new Date(clock.now().getTime() - HOLDS_FOR_MS);
  const asked = await newestRecord(tx, schedule, callId, since);
  const record = recordSchema.safeParse(asked?.payload);
  if (!asked || !record.success) return null;
  const { attempts, note } = record.data;
  const same = attempts === schedule.attemptsMade && note === (parsed.body.note ?? null);
  return same ? actorSchema.parse(asked.actor) : null;
}

async function wasUsed(tx: Tx, key: ScheduleKey, part: string): Promise<boolean> {
  const rows = await tx
    .select({ id: messages.messageId })
    .from(messages)
    .where(and(belongsTo(messages, key), sql`strpos(${messages.messageId} || '/', ${part}) > 0`))
    .limit(1);
  return rows.length > 0;
}

async function newestRecord(tx: Tx, { workspaceId, traceId }: ScheduleRow, callId: string, since: Date) {
  const [row] = await tx
    .select({ actor: auditEvents.actor, payload: auditEvents.payload })
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.workspaceId, workspaceId),
        eq(auditEvents.traceId, traceId),
        eq(auditEvents.type, OTHER_AUDIT.replayRequested),
        gt(auditEvents.at, since),
        sql`${auditEvents.payload} ->> 'callId' = ${callId}`,
        sql`${auditEvents.payload} ->> 'refusedFor' is null`,
      ),
    )
    .orderBy(desc(auditEvents.position))
    .limit(1);
  return row;
}
