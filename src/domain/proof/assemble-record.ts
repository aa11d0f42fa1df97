// Makes the record of a schedule from the item that the recovery surface shows, and from what an item does not tell.
import type { Item } from '../schedules/item.ts';
import type { DeliverySet } from '../schedules/post.ts';
import { type ApprovalFacts, recordedApproval } from './approval.ts';
import { publishOutcome } from './outcome.ts';
import type { ProofRecord } from './record.ts';

export interface RecordFacts extends ApprovalFacts {
  readonly post: { readonly platformPostId: string; readonly publishedAt: Date } | null;
  /** When a person said that they had published it by hand. */
  readonly handoffCompletedAt: string | null;
  readonly deliverySet: DeliverySet | null;
}

/** The record. */
export function assembleRecord(item: Item, facts: RecordFacts): ProofRecord {
  const { post, deliverySet } = facts;
  return {
    scheduleId: item.id,
    versionFingerprint: facts.fingerprint,
    targetAccount: item.account.name,
    platform: item.platform,
    publishAtISO: item.publishAt,
    ...recordedApproval(facts),
    publishOutcome: publishOutcome(item.state, post !== null),
    publishedAtISO: post?.publishedAt.toISOString() ?? facts.handoffCompletedAt,
    platformPostId: post?.platformPostId ?? null,
    exceptionCause: item.cause?.code ?? null,
    recoveryAction: item.nextAction.code,
    recoveryActor: item.owner.label ?? (item.owner.role === 'system' ? 'system' : null),
    deliverySetId: deliverySet?.id ?? null,
    deliverySetMemberCount: deliverySet?.memberCount ?? null,
  };
}
