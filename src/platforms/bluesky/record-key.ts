// The record key of a post: a TID that follows from the schedule and its version alone, so that every attempt writes
// the same record and a repeated create is harmless.
import { createHash } from 'node:crypto';
import type { PostToPublish } from '../contract.ts';

const ALPHABET = '234567abcdefghijklmnopqrstuvwxyz';
const TID_CHARS = 13;
const MICROS_PER_SECOND = 1_000_000n;

/**
 * A valid TID (53 bits of microseconds, 10 bits of clock id, base32-sortable): the second is the one the post is meant
 * for, since lists are ordered by record key; the microsecond and the clock id come from a hash, so two schedules of
 * one second meet once in 10^9 times, and then the create-once write refuses the second.
 */
export function recordKey(post: Pick<PostToPublish, 'scheduleId' | 'fingerprint' | 'intendedAt'>): string {
  const digest = createHash('sha256').update(`${post.scheduleId}\n${post.fingerprint}`).digest();
  const second = BigInt(Math.floor(post.intendedAt.getTime() / 1_000));
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
