// The media of a post as they are served now, held to what was read when it was taken in.
import type { KnownMedia } from '../../domain/schedules/post.ts';
import { type About, type Finding, finding } from '../../domain/tonight/finding.ts';
import type { PlatformAdapter } from '../../platforms/contract.ts';
import { MediaUnavailable } from '../../transport/media-unavailable.ts';
import { IntakeRefused } from '../intake/intake-refused.ts';
import { completeMedia, type FactsSource } from '../intake/media-facts.ts';
import { type Outlook, refusedFor } from './outlook.ts';

type Checks = Pick<PlatformAdapter, 'check'>;

/** What is wrong with them; nothing when each is still there and the same. */
export async function mediaFindings(
  media: FactsSource,
  outlook: Outlook,
  adapter: Checks | undefined,
): Promise<Finding[]> {
  const watch = watchMedia();
  try {
    const known = await completeMedia(watch.over(media), outlook.content.media);
    return [...watch.findings(outlook), ...codecFindings(known, outlook, adapter)];
  } catch (error) {
    if (!(error instanceof IntakeRefused)) throw error;
    const away = watch.findings(outlook);
    if (away.length > 0) return away;
    return error.problems.map(({ field, problem }) =>
      finding('media_changed', `A media file is not the one that was taken in: ${field} ${problem}.`, outlook),
    );
  }
}

/** What only a file that was read can tell of: the rest is told of what is stored. */
function codecFindings(media: readonly KnownMedia[], outlook: Outlook, adapter: Checks | undefined): Finding[] {
  const { content, delivery, account } = outlook;
  const problems = account ? adapter?.check({ ...content, media }, delivery.options, account) : undefined;
  return (problems ?? [])
    .filter(({ field }) => field.endsWith('.codecs'))
    .map((problem) => finding('media_limit_passed', refusedFor(problem), outlook));
}

interface MediaWatch {
  over(source: FactsSource): FactsSource;
  /** One for every file that could not be fetched. */
  findings(about: About): Finding[];
}

/** Whoever takes a post in may go on without a file that is away; here that is what is looked for. */
export function watchMedia(): MediaWatch {
  const away: string[] = [];
  return {
    over: ({ facts }) => ({
      async facts(url, signal) {
        try {
          return await facts(url, signal);
        } catch (error) {
          if (error instanceof MediaUnavailable) away.push(error.happened);
          throw error;
        }
      },
    }),
    findings: (about) =>
      away.map((why) => finding('media_unreachable', `A media file cannot be fetched now: ${why}.`, about)),
  };
}
