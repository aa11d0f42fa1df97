// Looks for the post on the account's own PDS, which answers from the repository itself and never lags. The AppView is
// not asked: it trails by seconds and may hide a post.
import { cause } from '../../domain/causes/causes.ts';
import { type Look, type PlatformSession, type SentIntent, StepRefused, StepUnanswered } from '../contract.ts';
import { postUri, postUrl } from './address.ts';
import { markersSchema } from './create.ts';
import { PLATFORM } from './errors.ts';
import { COLLECTION, recordDigest } from './record.ts';
import { foundSchema } from './wire.ts';
import { askFor, methodUrl } from './xrpc.ts';

/**
 * One look. A record under our key with another content is not our post and will never make room for it.
 * @throws StepRefused when such a record stands there, or the PDS refuses to answer; StepUnanswered when it could not
 * be read
 */
export async function look(session: PlatformSession, intent: SentIntent): Promise<Look> {
  const markers = markersSchema.safeParse(intent.markers).data;
  if (!markers) throw new StepUnanswered('reconcile', 'the intent does not say which record was sent');
  const { rkey, recordSha256 } = markers;
  const uri = postUri(session.account, rkey);
  const query = { repo: session.account.remoteId, collection: COLLECTION, rkey };
  const request = { method: 'GET', url: methodUrl(session, 'com.atproto.repo.getRecord', query) } as const;
  const found = await askFor(session, { stage: 'reconcile', request, schema: foundSchema }, ['RecordNotFound']);
  if (!found) return { kind: 'missing', coverage: { kind: 'by_key' } };
  if (found.uri !== uri)
    throw new StepUnanswered('reconcile', 'Bluesky answered with another record than the one asked for');
  if (recordDigest(found.value) !== recordSha256 || intent.takenPostIds.has(uri)) throw notOurs(uri);
  return { kind: 'live', platformPostId: uri, url: postUrl(session.account, rkey) };
}

function notOurs(uri: string): StepRefused {
  const externalText = `Another post stands under this post's record key, at ${uri}; nothing was overwritten.`;
  return new StepRefused(
    cause({
      code: 'publish_failed',
      source: 'status_only',
      platform: PLATFORM,
      stage: 'reconcile',
      externalText,
      rawText: externalText,
    }),
  );
}
