// When a post that a look did not find may be called absent (law 4): never before the send deadline and the platform's
// visibility horizon have passed, and only after two such misses some time apart.

/** What a look that found nothing has seen, as the adapter contract tells it. */
export type SeenByLook =
  | { readonly kind: 'by_key' }
  | { readonly kind: 'back_to'; readonly at: Date }
  | { readonly kind: 'whole_list' };

/** The clocks of a platform and ours may differ by this much. */
const SKEW_MS = 120_000;

/**
 * Whether a look that found nothing proves anything: it must have seen the account's posts back to before the first create
 * may have left, all of them, or the one place where the post would be. A list that merely ended proves nothing.
 * `keyed`: we hold an id or a key by which the platform can be asked; elsewhere there is no such place.
 */
export function covers(
  seen: SeenByLook,
  { sentAt, keyed }: { readonly sentAt: Date; readonly keyed: boolean },
): boolean {
  if (seen.kind === 'by_key') return keyed;
  return seen.kind === 'whole_list' || seen.at.getTime() < sentAt.getTime() - SKEW_MS;
}

export interface MissFacts {
  readonly nowMs: number;
  readonly sentMs: number;
  /** The pause after the first look; it doubles while the post may still be hidden. */
  readonly firstLookMs: number;
  readonly sendDeadlineMs: number;
  readonly horizonMs: number;
  readonly spacingMs: number;
  /** Misses that must count: two, or one where a repeated create is provably harmless. */
  readonly looksNeeded: 1 | 2;
  /** Misses that already counted, and when the last of them was. */
  readonly misses: number;
  readonly lastMissMs: number | null;
}

export type MissVerdict =
  /** The post may still be hidden: this miss says nothing. */
  | { readonly kind: 'too_early'; readonly lookAgainMs: number }
  /** The first miss that counts, or one too close to it. */
  | { readonly kind: 'counted'; readonly misses: number; readonly lastMissMs: number; readonly lookAgainMs: number }
  | { readonly kind: 'absent' };

/** Judges one look that could be read and did not find the post. All instants are epoch milliseconds. */
export function judgeMiss(facts: MissFacts): MissVerdict {
  const visibleMs = facts.sendDeadlineMs + facts.horizonMs;
  if (facts.nowMs < visibleMs) {
    // A live post mostly shows within seconds: whoever waits for the horizon to learn so waits for minutes.
    const pauseMs = Math.max(facts.firstLookMs, facts.nowMs - facts.sentMs);
    return { kind: 'too_early', lookAgainMs: Math.min(facts.nowMs + pauseMs, visibleMs) };
  }
  if (facts.looksNeeded === 1) return { kind: 'absent' };
  if (facts.lastMissMs === null || facts.misses === 0) {
    return { kind: 'counted', misses: 1, lastMissMs: facts.nowMs, lookAgainMs: facts.nowMs + facts.spacingMs };
  }
  const nextMs = facts.lastMissMs + facts.spacingMs;
  if (facts.nowMs >= nextMs) return { kind: 'absent' };
  return { kind: 'counted', misses: facts.misses, lastMissMs: facts.lastMissMs, lookAgainMs: nextMs };
}
