// The record key of a post: a TID that follows from what never changes of its schedule, so that every attempt writes the
// same record, before and after a reschedule, and a repeated create is harmless.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { PostToPublish } from '../sessions.ts';

const ALPHABET = '234567abcdefghijklmnopqrstuvwxyz';
const TID_CHARS = 13;
const MICROS_PER_SECOND = 1_000_000n;

/** What the markers of a create say of its record. */
const sentUnder = z.object({ rkey: z.string().min(1) });

type Keyed = Pick<PostToPublish, 'workspaceId' | 'scheduleId' | 'takenInAt' | 'firstCreate'>;

/** The key that the first create was sent under, whichever version of ours sent it; before there is one, our own. */
export function recordKey(post: Keyed): string {
  return sentUnder.safeParse(post.firstCreate?.markers).data?.rkey ?? derivedKey(post);
}

/**
 * A valid TID (53 bits of microseconds, 10 bits of clock id, base32-sortable): the second is the one the schedule was taken
 * in; the microsecond and the clock id come from a hash, so two schedules of one second meet once in 10^9 times, and then
 * the create-once write refuses the second.
 */
function derivedKey({ workspaceId, scheduleId, takenInAt }: Keyed): string {
  const digest = createHash('sha256').update(`${workspaceId}\n${scheduleId}`).digest();
  const second = BigInt(Math.floor(takenInAt.getTime() / 1_000));
  const micros = second * MICROS_PER_SECOND + (digest.readBigUInt64BE(0) % MICROS_PER_SECOND);
  const clockId = BigInt(digest.readUInt16BE(8) & 0x3ff);
  return encode((BigInt.asUintN(53, micros) << 10n) | clockId);
}

function encode(value: bigint): string {
  return Array.from({ length: TID_CHARS }, (_, index) => {
    const shift = 5n * BigInt(TID_CHARS - 1 - index);
    return ALPHABET.charAt(Number((value >> shift) & 31n));
  }).join('');
}
