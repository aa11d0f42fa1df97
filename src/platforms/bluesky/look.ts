// Looks for the post on the account's own PDS, which answers from the repository itself and never lags. The AppView is
// not asked: it trails by seconds and may hide a post.
import canonicalize from 'canonicalize';
import { cause } from '../../domain/causes/causes.ts';
import type { Look, SentIntent } from '../create-and-look.ts';
import type { Json, PlatformSession } from '../sessions.ts';
import { StepRefused, StepUnanswered } from '../step-errors.ts';
import { postUri, postUrl } from './address.ts';
import { markersSchema } from './create.ts';
import { PLATFORM } from './errors.ts';
import { buildRecord, COLLECTION, recordDigest } from './record.ts';
import { foundSchema } from './wire.ts';
import { askFor, methodUrl } from './xrpc.ts';

/**
 * One look, under the key that the create was sent under. A record with another content is not this post and will never
 * make room for it.
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
  if (intent.takenPostIds.has(uri)) throw inTheWay(`The post of another schedule stands at ${uri}`);
  if (![recordSha256, firstDigest(session)].includes(recordDigest(found.value)))
    throw inTheWay(`Another post stands under this post's record key, at ${uri}`);
  if (!saysTheSame(session, found.value)) throw inTheWay(`An earlier version of this post is live, at ${uri}`);
  return { kind: 'live', platformPostId: uri, url: postUrl(session.account, rkey) };
}

/** What the first create sent: it may turn up after it was thought absent and a later version of ours made other bytes. */
function firstDigest({ post: { firstCreate } }: PlatformSession): string | undefined {
  return markersSchema.safeParse(firstCreate?.markers).data?.recordSha256;
}

/** Versions of ours differ in when a post was made and in what can be clicked, never in what it says and shows. */
function saysTheSame(session: PlatformSession, found: Readonly<Record<string, Json>>): boolean {
  const said = ({ text, langs, embed }: { text?: unknown; langs?: unknown; embed?: unknown }) =>
    canonicalize({ text, langs, embed });
  return said(buildRecord(session)) === said(found);
}

function inTheWay(what: string): StepRefused {
  const externalText = `${what}; nothing was overwritten.`;
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
