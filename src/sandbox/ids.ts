// Identifiers in the shapes the platforms use: beyond 2^53, so that a client that parses them as numbers is caught.
import { randomBytes, randomInt } from 'node:crypto';

/** X's snowflake epoch in epoch milliseconds; `(id >> 22) + this` is the time an id was made. */
const SNOWFLAKE_EPOCH_MS = 1_288_834_974_657;

const worker = BigInt(randomInt(1024));
let sequence = 0n;

/** A 64-bit snowflake id as a decimal string: it carries its time, and no two are equal within one process. */
export function snowflakeId(nowMs: number): string {
  sequence = (sequence + 1n) & 0xfffn;
  return ((BigInt(nowMs - SNOWFLAKE_EPOCH_MS) << 22n) | (worker << 12n) | sequence).toString();
}

/** A 17-digit id in the range Meta uses for Instagram objects; it says nothing about its time or kind. */
export function metaId(prefix: '178' | '179' | '180'): string {
  const high = randomInt(10_000_000).toString().padStart(7, '0');
  const low = randomInt(10_000_000).toString().padStart(7, '0');
  return prefix + high + low;
}

/** Random text from the URL-safe alphabet. */
export function randomText(length: number): string {
  return randomBytes(length).toString('base64url').slice(0, length);
}
