// The proof record (DESIGN section 7): what became of one schedule, in 17 fields. Names and order are byte-exact: the columns
// of the CSV, the rows of a receipt and the schema all come from this table.
import canonicalize from 'canonicalize';
import { z } from 'zod';
import { instantSchema } from '../schedules/item.ts';
import { APPROVER_SOURCES, INVALIDATION_REASONS } from './approval.ts';
import { PUBLISH_OUTCOMES } from './outcome.ts';

const text = z.string();

const SHAPE = {
  scheduleId: text,
  versionFingerprint: text,
  targetAccount: text,
  platform: text,
  publishAtISO: instantSchema,
  approverIdentity: text.nullable(),
  approverSource: z.enum(APPROVER_SOURCES).nullable(),
  approvalTimestamp: instantSchema.nullable(),
  invalidationReason: z.enum(INVALIDATION_REASONS).nullable(),
  publishOutcome: z.enum(PUBLISH_OUTCOMES),
  publishedAtISO: instantSchema.nullable(),
  platformPostId: text.nullable(),
  exceptionCause: text.nullable(),
  recoveryAction: text,
  recoveryActor: text.nullable(),
  deliverySetId: text.nullable(),
  deliverySetMemberCount: z.int().nullable(),
};

export const proofRecordSchema = z.strictObject(SHAPE).meta({ id: 'ProofRecord' });
export type ProofRecord = z.infer<typeof proofRecordSchema>;
export type ProofField = keyof ProofRecord;

const isField = (name: string): name is ProofField => Object.hasOwn(SHAPE, name);

/** The fields in their order. */
export const PROOF_FIELDS: readonly ProofField[] = Object.keys(SHAPE).filter(isField);

/** What each field says, for whoever reads a bundle without us. */
export const FIELD_MEANS: Record<ProofField, string> = {
  scheduleId: "The schedule's id; one record per schedule.",
  versionFingerprint: 'SHA-256 over content and delivery settings of the version that was, or would be, published.',
  targetAccount: 'The name of the connected account it was meant for.',
  platform: 'The platform of that account.',
  publishAtISO: 'When it was due.',
  approverIdentity: 'Who approved it last; empty where nobody did.',
  approverSource:
    'internal: a member or key of the workspace. external_self_declared: through a review link, by their own word.',
  approvalTimestamp: 'When that approval was given.',
  invalidationReason:
    'Why no approval holds: expired (asked for, never given in time) or superseded (given for another version, or taken back).',
  publishOutcome: 'What became of it; posting also stands for an outcome that nobody can tell yet.',
  publishedAtISO: 'When it went live.',
  platformPostId: "The platform's own id of the post.",
  exceptionCause: 'The code of what broke, while that stands.',
  recoveryAction: 'The next action as it was offered when the record was made; none where there was none.',
  recoveryActor: 'Who owns the recovery; system where a program does, empty where nobody does.',
  deliverySetId: 'The set of posts it belongs to, by the name that the workspace gave it.',
  deliverySetMemberCount: 'How many posts that set has.',
};

/** The record's one line in `records.jsonl`, without its end: canonical JSON (RFC 8785). */
export function recordLine(record: ProofRecord): string {
  // Only `undefined` has no canonical form, and an object is given.
  return canonicalize(record) ?? '';
}

/** What the records are ordered by: publish time, then id, both compared by their characters' code units. */
export function isInOrder(
  before: Pick<ProofRecord, 'publishAtISO' | 'scheduleId'>,
  after: Pick<ProofRecord, 'publishAtISO' | 'scheduleId'>,
): boolean {
  if (before.publishAtISO !== after.publishAtISO) return before.publishAtISO < after.publishAtISO;
  return before.scheduleId < after.scheduleId;
}
