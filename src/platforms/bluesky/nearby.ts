// What the account's repository holds around an instant, for a person: its newest posts, as the PDS lists them.

import type { NearbyPost } from '../contract.ts';
import type { AccountSession } from '../sessions.ts';
import { postUrl } from './address.ts';
import { COLLECTION } from './record.ts';
import { listedSchema } from './wire.ts';
import { ask, methodUrl } from './xrpc.ts';

const MOST = '100';

/** @throws StepRefused | StepUnanswered */
export async function nearby(session: AccountSession, _wanted: { readonly around: Date }): Promise<NearbyPost[]> {
  const query = { repo: session.account.remoteId, collection: COLLECTION, limit: MOST };
  const request = { method: 'GET', url: methodUrl(session, 'com.atproto.repo.listRecords', query) } as const;
  const { records } = await ask(session, { stage: 'reconcile', request, schema: listedSchema });
  return records.map(({ uri, value: { text, createdAt } }) => ({
    id: uri,
    text,
    at: createdAt ? new Date(createdAt) : null,
    url: postUrl(session.account, uri.slice(uri.lastIndexOf('/') + 1)),
  }));
}
