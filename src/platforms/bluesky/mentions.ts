// Resolves the handles a text mentions, once: what a handle resolved to is saved, so that every attempt writes the
// same bytes although handles move.
import { z } from 'zod';
import type { PlatformSession } from '../sessions.ts';
import { mentionedHandles } from './facets.ts';
import { resolvedSchema } from './wire.ts';
import { askFor, methodUrl } from './xrpc.ts';

const savedSchema = z.string().nullable();

/** The PDS says InvalidRequest ("Unable to resolve handle"); the protocol document names HandleNotFound. */
const NOBODY = ['InvalidRequest', 'HandleNotFound'];

/** Saves the DID of each mentioned handle, or null for a handle nobody has. @throws StepRefused | StepUnanswered */
export async function resolveMentions(session: PlatformSession): Promise<void> {
  for (const handle of mentionedHandles(session.post.content.text)) {
    if (session.remote.get(keyOf(handle)) !== undefined) continue;
    const url = methodUrl(session, 'com.atproto.identity.resolveHandle', { handle });
    const request = { method: 'GET', url } as const;
    const question = { stage: 'parent', window: 'read', request, schema: resolvedSchema } as const;
    const resolved = await askFor(session, question, NOBODY);
    await session.remote.save(keyOf(handle), resolved?.did ?? null);
    await session.reach('mention_resolved');
  }
}

/** The saved DIDs by handle. */
export function savedMentions(session: PlatformSession): ReadonlyMap<string, string> {
  const pairs = mentionedHandles(session.post.content.text).flatMap((handle): [string, string][] => {
    const did = savedSchema.safeParse(session.remote.get(keyOf(handle))).data;
    return did ? [[handle, did]] : [];
  });
  return new Map(pairs);
}

function keyOf(handle: string): string {
  return `mention.${handle}`;
}
