// A decision on one version of a post (recovery surface, R2; law 7): it counts for exactly what was shown.
import { z } from 'zod';
import { plainText } from '../schedules/post.ts';
import { VERSION_CHANGES } from '../schedules/version-changes.ts';

export const VERDICTS = ['approved', 'rejected'] as const;
export type Verdict = (typeof VERDICTS)[number];

export const decisionRequestSchema = z
  .strictObject({
    verdict: z.enum(VERDICTS),
    /** The version that was looked at. */
    expectedFingerprint: z.string().regex(/^[0-9a-f]{64}$/, 'must be the fingerprint of a version: 64 hex digits'),
    note: plainText.max(2_000).optional(),
  })
  .meta({ id: 'DecisionRequest' });
export type DecisionRequest = z.infer<typeof decisionRequestSchema>;

export const decidedSchema = z
  .object({
    scheduleId: z.string(),
    fingerprint: z.string(),
    verdict: z.enum(VERDICTS),
    goesOn: z.boolean().meta({ description: 'It had been stopped for want of this approval and runs now.' }),
    tooLate: z.boolean().meta({
      description:
        'It had been stopped for want of this approval, and its time is too long past: it waits for a replay.',
    }),
  })
  .meta({ id: 'Decided' });
export type Decided = z.infer<typeof decidedSchema>;

/** What a decision came to, for whoever made it. */
export function decidedSentence({ verdict, goesOn, tooLate }: Pick<Decided, 'verdict' | 'goesOn' | 'tooLate'>): string {
  if (verdict === 'rejected') return 'Rejected: this version does not go out.';
  if (goesOn) return 'Approved; it goes out now.';
  return tooLate
    ? 'Approved, but its time is too long past for it to go out by itself; replay it if it is still to go out.'
    : 'Approved.';
}

/** Why a version that was shown is no longer the one that would go out. */
export const SUPERSESSION_REASONS = [...VERSION_CHANGES, 'schedule_ended'] as const;
export type SupersessionReason = (typeof SUPERSESSION_REASONS)[number];

/** The same for a person. */
export const SUPERSESSION_TEXT: Record<SupersessionReason, string> = {
  content_changed: 'Its text was changed since.',
  media_changed: 'Its media were changed since.',
  target_changed: 'It is meant for another account since.',
  time_changed: 'Its time was changed since.',
  options_changed: 'Its options were changed since.',
  schedule_ended: 'It has ended since: it is live, or it was canceled.',
};
