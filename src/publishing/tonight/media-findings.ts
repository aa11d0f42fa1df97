// The media of a post as they are served now, held to what was read when it was taken in.

import type { KnownMedia } from '../../domain/schedules/post.ts';
import { type Finding, type FindingKind, finding } from '../../domain/tonight/finding.ts';
import type { PlatformAdapter } from '../../platforms/contract.ts';
import type { OpenMediaSource } from '../../transport/media.ts';
import { MediaUnavailable } from '../../transport/media-unavailable.ts';
import { IntakeRefused } from '../intake/intake-refused.ts';
import { completeMedia } from '../intake/media-facts.ts';
import { type Outlook, refusedFor } from './outlook.ts';

type Source = Pick<OpenMediaSource, 'facts'>;

/** What is wrong with them; nothing when each is still there and the same. */
export async function mediaFindings(
  media: Source,
  outlook: Outlook,
  adapter: Pick<PlatformAdapter, 'check'> | undefined,
): Promise<Finding[]> {
  const tell = (kind: FindingKind, text: string) => finding(kind, text, outlook);
  const away: Finding[] = [];
  const source = watched(media, (why) =>
    away.push(tell('media_unreachable', `A media file cannot be fetched now: ${why}.`)),
  );
  try {
    const known = await completeMedia(source, outlook.content.media);
    return [...away, ...codecFindings(known, outlook, adapter)];
  } catch (error) {
    if (!(error instanceof IntakeRefused)) throw error;
    if (away.length > 0) return away;
    return error.problems.map(({ field, problem }) =>
      tell('media_changed', `A media file is not the one that was taken in: ${field} ${problem}.`),
    );
  }
}

/** What only a file that was read can tell of: the rest is told of what is stored. */
function codecFindings(
  media: readonly KnownMedia[],
  outlook: Outlook,
  adapter: Pick<PlatformAdapter, 'check'> | undefined,
) {
  const { content, delivery, account } = outlook;
  const problems = account ? adapter?.check({ ...content, media }, delivery.options, account) : undefined;
  return (problems ?? [])
    .filter(({ field }) => field.endsWith('.codecs'))
    .map((problem) => finding('media_limit_passed', refusedFor(problem), outlook));
}

/** Whoever takes a post in may go on without a file that is away; here that is what is looked for. */
function watched({ facts }: Source, told: (why: string) => void): Source {
  return {
    async facts(url, signal) {
      try {
        return await facts(url, signal);
      } catch (error) {
        if (error instanceof MediaUnavailable) told(error.happened);
        throw error;
      }
    },
  };
}
