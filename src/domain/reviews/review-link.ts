// Review links: one version of a post shown to somebody without an account, who approves it or asks for changes.
import { z } from 'zod';
import { instantText } from '../schedules/instant.ts';
import { instantSchema } from '../schedules/item.ts';
import { plainText } from '../schedules/post.ts';
import { SUPERSESSION_REASONS } from './decision.ts';

export const REVIEW_LINK_STATES = [
  'open',
  'approved',
  'changes_requested',
  'expired',
  'superseded',
  'revoked',
] as const;
export type ReviewLinkState = (typeof REVIEW_LINK_STATES)[number];

export const reviewLinkRequestSchema = z
  .strictObject({
    /** Who it is for, for the workspace's own list. */
    label: plainText.trim().min(1).max(200),
    expiresAt: instantText,
    /** The version to show; the present one where it is left out. */
    expectedFingerprint: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional(),
  })
  .meta({ id: 'ReviewLinkRequest' });
export type ReviewLinkRequest = z.infer<typeof reviewLinkRequestSchema>;

/** What a reviewer says; the name is their own word. */
export const reviewAnswerSchema = z.strictObject({
  verdict: z.enum(['approved', 'rejected']),
  name: plainText.trim().min(1).max(200),
  comment: plainText.max(2_000).optional(),
});
export type ReviewAnswer = z.infer<typeof reviewAnswerSchema>;

export interface ReviewLinkFacts {
  readonly fingerprint: string;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
  readonly decided: 'approved' | 'rejected' | null;
}

/** Where a link stands. A decision that was made stays what it was; whether it still counts is the approval's to say. */
export function reviewLinkState(
  link: ReviewLinkFacts,
  schedule: { readonly fingerprint: string; readonly ended: boolean },
  now: Date,
): ReviewLinkState {
  if (link.decided !== null) return link.decided === 'approved' ? 'approved' : 'changes_requested';
  if (link.revokedAt !== null) return 'revoked';
  if (schedule.ended || link.fingerprint !== schedule.fingerprint) return 'superseded';
  return link.expiresAt <= now ? 'expired' : 'open';
}

/** A link as its workspace sees it. */
const reviewLinkSchema = z
  .object({
    id: z.string(),
    label: z.string(),
    state: z.enum(REVIEW_LINK_STATES),
    supersessionReason: z
      .enum(SUPERSESSION_REASONS)
      .nullable()
      .meta({ description: 'What became of the version since, where the link is superseded.' }),
    fingerprint: z.string(),
    expiresAt: instantSchema,
    madeAt: instantSchema,
    madeBy: z.string(),
    decidedAt: instantSchema.nullable(),
    reviewer: z.string().nullable().meta({ description: "The reviewer's own word; nobody has proven it." }),
    comment: z.string().nullable(),
  })
  .meta({ id: 'ReviewLink' });
export const reviewLinksSchema = z.object({ links: z.array(reviewLinkSchema) }).meta({ id: 'ReviewLinks' });
export const reviewLinkMadeSchema = z
  .object({ id: z.string(), fingerprint: z.string(), url: z.string().meta({ description: 'Told once.' }) })
  .meta({ id: 'ReviewLinkMade' });
export const reviewLinkRevokedSchema = z.object({ revoked: z.literal(true) }).meta({ id: 'ReviewLinkRevoked' });
export type ReviewLinks = z.infer<typeof reviewLinksSchema>;
export type ReviewLinkMade = z.infer<typeof reviewLinkMadeSchema>;
