// What every version of a post passes before it is stored, whether it is taken in or edited.
import {
  type Content,
  type Delivery,
  FURTHEST_AHEAD_MS,
  type GivenContent,
  type KnownContent,
} from '../../domain/schedules/post.ts';
import { fieldProblems } from '../../domain/schedules/schedule-request.ts';
import type { accountsOf } from '../../ledger/accounts/accounts.ts';
import type { PlatformAdapter } from '../../platforms/contract.ts';
import type { Platforms } from '../../platforms/registry.ts';
import type { OpenMediaSource } from '../../transport/media.ts';
import { type IntakeProblem, IntakeRefused } from './intake-refused.ts';
import { completeAsGiven, completeMedia } from './media-facts.ts';

/** A time that has only just passed is taken as "now": clocks and queues are not exact. */
const PAST_TOLERANCE_MS = 60_000;

/** A connected account as an intake sees it. */
export type IntakeAccount = Awaited<ReturnType<typeof accountsOf>>[number];

/** @throws IntakeRefused when this server has no adapter for the account's platform */
export function adapterOf(platforms: Platforms, account: Pick<IntakeAccount, 'platform'>): PlatformAdapter {
  const adapter = platforms.get(account.platform);
  if (adapter) return adapter;
  throw refusal('unknown_account', 'account', `is on "${account.platform}", which this server does not know`);
}

/** The options as the destination understands them. @throws IntakeRefused */
export function checkedOptions(adapter: PlatformAdapter, options: unknown): Delivery['options'] {
  const parsed = adapter.optionsSchema.safeParse(options);
  if (parsed.success) return parsed.data;
  throw new IntakeRefused('invalid_schedule', fieldProblems(parsed.error, ['options']));
}

/** The content with the facts of its media, as this destination takes it. @throws IntakeRefused */
export async function completeContent(
  media: Pick<OpenMediaSource, 'facts'>,
  { adapter, account, given, options }: Destined,
): Promise<Content> {
  const check = (content: KnownContent) => {
    const problems = adapter.check(content, options, account);
    if (problems.length > 0) throw new IntakeRefused('invalid_schedule', problems);
  };
  // What can be refused without reading anything is refused first.
  const stands = completeAsGiven(given.media);
  if (stands) check({ ...given, media: stands });
  const known = { ...given, media: await completeMedia(media, given.media) };
  check(known);
  return { ...known, media: known.media.map(({ codecs: _, ...item }) => item) };
}

interface Destined {
  readonly adapter: PlatformAdapter;
  readonly account: Pick<IntakeAccount, 'scopes'>;
  readonly given: GivenContent;
  readonly options: Delivery['options'];
}

/** When it is due. @throws IntakeRefused when that lies in the past, too far ahead, or not before its last moment */
export function dueTime(now: Date, { publishAt, publishBefore }: Pick<Delivery, 'publishAt' | 'publishBefore'>): Date {
  const due = publishAt === null ? now : new Date(publishAt);
  const soonest = new Date(now.getTime() - PAST_TOLERANCE_MS);
  if (due < soonest) {
    throw refusal('invalid_schedule', 'publishAt', 'lies in the past', `not before ${soonest.toISOString()}`);
  }
  if (due.getTime() - now.getTime() > FURTHEST_AHEAD_MS) {
    throw refusal('invalid_schedule', 'publishAt', 'lies too far ahead', 'at most 730 days ahead');
  }
  if (publishBefore !== undefined && new Date(publishBefore) <= due) {
    throw refusal(
      'invalid_schedule',
      'publishBefore',
      'must lie after the time it is due',
      `after ${due.toISOString()}`,
    );
  }
  return due;
}

/** A refusal for one field. */
export function refusal(code: IntakeProblem, field: string, problem: string, limit?: string): IntakeRefused {
  return new IntakeRefused(code, [{ field, problem, limit }]);
}
