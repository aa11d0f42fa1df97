// One cell of the lost-response grid: what a call meets, and where the publish must come to rest, as the design and
// the platform references demand it. Cells are written by hand; nothing here is computed by the product.
import type { CauseCode } from '../../../src/domain/causes/causes.ts';
import type { ScheduleState } from '../../../src/domain/schedules/states.ts';

/** Kinds of posts; each platform has some of them. */
export type PostKind = 'text' | 'photo' | 'video' | 'carousel' | 'mention';

/** A publish at rest. */
export interface Ending {
  readonly state: ScheduleState;
  readonly cause: CauseCode | null;
  /** In how many ms it goes on by itself (from, to), or null: it has ended, or a person is waited for. */
  readonly wakes: readonly [fromMs: number, toMs: number] | null;
  /** The attempts since the last rest, as `outcome cause`. Equal ones in a row stand once; looks that came back empty after an unclear create are left out. */
  readonly trail: readonly string[];
  /** Create calls that reached the platform so far, refused ones included. */
  readonly creates: number;
  /** Live posts as the platform itself knows them. */
  readonly live: number;
}

/** What happens to a publish at rest, once the fault is gone. */
export interface Sequel {
  /**
   * - `replay`: an operator replays it
   * - `reconnect`: the account is connected again, then an operator replays it
   * - `resolve`: a person says that it is live, and where
   * - `deny`: a person says that it is not live, then replays it
   * - `time`: hours pass, and its own timer fires
   */
  readonly by: 'replay' | 'reconnect' | 'resolve' | 'deny' | 'time';
  readonly ends: Ending;
}

/** A fault and the call it meets; without a number of times once, null for as long as it is not mended. */
export interface Met<Fault> {
  readonly call: string;
  readonly fault: Fault;
  readonly times?: number | null;
  /** So many of these calls pass unharmed first. */
  readonly skip?: number;
}

export interface Cell<Fault> {
  readonly post: PostKind;
  /** The fault the cell is about first, then what must go wrong as well for its call to be made. All of them are met. */
  readonly meets: readonly Met<Fault>[];
  /** How the account differs from one that lacks nothing; the platform's ground understands it. */
  readonly account?: Readonly<Record<string, unknown>>;
  /** Another schedule has published the very same post on this account a moment before. */
  readonly twin?: true;
  /** The platform's list shows the hidden post once so many create calls have reached it. */
  readonly shownAfterCreates?: number;
  readonly ends: Ending;
  readonly next?: Sequel;
}

/** The cell's name: what is published, which call meets what. */
export function titleOf<Fault extends object>({ post, meets, account, twin, shownAfterCreates }: Cell<Fault>): string {
  const met = meets.map(({ call, fault, times = 1, skip = 0 }) => {
    const often = times === 1 ? '' : times === null ? ' until mended' : ` ${times} times`;
    return `${call} ${wordsOf(fault)}${often}${skip === 0 ? '' : ` after ${skip}`}`;
  });
  const also = [...(account ? [JSON.stringify(account)] : []), ...(twin ? ['beside its twin'] : [])];
  if (shownAfterCreates !== undefined) also.push(`shown after ${shownAfterCreates} creates`);
  return [`${post}: ${met.join(', then ') || 'no fault'}`, ...also].join(' ');
}

function wordsOf(fault: object): string {
  return Object.values(fault)
    .map((value) => (typeof value === 'object' ? JSON.stringify(value) : String(value)))
    .join(' ');
}
