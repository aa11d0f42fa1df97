// Gives X the alternative text of an upload, for people who do not see it.
import type { PlatformSession } from '../sessions.ts';
import { addressOf, jsonCall } from './calls.ts';
import { askMedia } from './media-call.ts';

/** Sets the alternative text; setting it again changes nothing. @throws StepRefused | StepUnanswered */
export async function describeMedia(session: PlatformSession, mediaId: string, altText: string): Promise<void> {
  const body = { id: mediaId, metadata: { alt_text: { text: altText } } };
  await askMedia(session, jsonCall(session, addressOf(session, '/2/media/metadata'), body));
}
