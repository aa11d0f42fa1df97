// The addresses of a post: the protocol's own and the one people open.
import type { AccountView } from '../sessions.ts';
import { COLLECTION } from './record.ts';

/** `at://did/app.bsky.feed.post/rkey`: the id by which the ledger knows a Bluesky post. */
export function postUri(account: AccountView, rkey: string): string {
  return `at://${account.remoteId}/${COLLECTION}/${rkey}`;
}

/** By DID, which stays when the handle changes. */
export function postUrl(account: AccountView, rkey: string): string {
  return `https://bsky.app/profile/${account.remoteId}/post/${rkey}`;
}
