// Every message of the publish workflow, with what the Temporal UI says of it. Bodies are checked where they are
// answered, in the ledger; here they are whatever arrived.
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { MessageVerdict } from '../src/domain/messages/messages.ts';
import type { PublishStatus } from './status.ts';

export const SIGNALS = {
  replay:
    'Run a failed publish again. {"requestedBy": "you", "note": "why", "expectedAttempt": 1}, all optional. Reconciles first.',
  cancel: 'Cancel it, unless the post may already be live. {"requestedBy": "you", "note": "why"}, all optional.',
  reschedule: 'Publish at another time. {"publishAt": "2026-12-01T09:00:00Z", "requestedBy": "you"}',
  resume:
    'Try again now instead of waiting for a platform that could not be reached. {"requestedBy": "you"}, optional.',
  handoff:
    'Hand it to a person. {"owner": "who", "reason": "why", "note": "more", "requestedBy": "you"}, all optional.',
} as const;

export const UPDATES = {
  requestReplay: 'As the signal replay; the verdict is the reply.',
  resolve:
    'Decide an unconfirmed publish. {"verdict": "live", "platformPostId": "...", "url": "...", "decidedBy": "you", "evidence": "..."} or {"verdict": "not_live", "decidedBy": "you", "evidence": "..."}',
  completeHandoff: 'Record that a person published it. {"completedBy": "who", "url": "...", "note": "..."}',
} as const;

export type SignalName = keyof typeof SIGNALS;
export type UpdateName = keyof typeof UPDATES;

export const SIGNAL_NAMES: readonly SignalName[] = ['replay', 'cancel', 'reschedule', 'resume', 'handoff'];
export const UPDATE_NAMES: readonly UpdateName[] = ['requestReplay', 'resolve', 'completeHandoff'];

export const signal = (name: string) => defineSignal<[unknown]>(name);
export const update = (name: string) => defineUpdate<MessageVerdict, [unknown]>(name);
export const statusQuery = defineQuery<PublishStatus>('status');
