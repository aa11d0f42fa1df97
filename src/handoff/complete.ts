// Records that a handoff is done, and has the address looked at where one was given. The record never waits for the look.
import type { MessageVerdict } from '../domain/messages/messages.ts';
import type { Caller } from '../domain/people/caller.ts';
import { type SendDeps, sendMessage } from '../publishing/messages/send-message.ts';
import { askForCheck } from './ask-for-check.ts';

export interface HandoffDone {
  readonly caller: Caller;
  readonly scheduleId: string;
  readonly url?: string | undefined;
  readonly note?: string | undefined;
  /** When it went live, where that was not just now; an instant in the form of ISO 8601. */
  readonly publishedAt?: string | undefined;
  /** The same for every try of one call. */
  readonly messageId?: string | undefined;
}

/** The verdict; of two who record it, the first stands. Null when the caller's workspace has no such schedule. */
export async function completeHandoff(deps: SendDeps, done: HandoffDone): Promise<MessageVerdict | null> {
  const { caller, scheduleId, messageId, url, note, publishedAt } = done;
  const body = { ...(url ? { url } : {}), ...(note ? { note } : {}), ...(publishedAt ? { publishedAt } : {}) };
  const message = { caller, scheduleId, name: 'completeHandoff', body } as const;
  const verdict = await sendMessage(deps, { ...message, ...(messageId ? { messageId } : {}) });
  if (verdict?.accepted && url) await askForCheck(deps, deps.client, { workspaceId: caller.workspaceId, scheduleId });
  return verdict;
}
