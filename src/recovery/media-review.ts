// Looks at a post's media as they are now: what each file says of itself, what the destination takes, and what the platform
// has refused of it before.

import {
  codecWords,
  LIMITED_FACTS,
  type LimitedFact,
  limitWords,
  sizeWords,
} from '../domain/schedules/media-limits.ts';
import type { FoundMedia, MediaReview, ReviewedItem } from '../domain/schedules/media-review.ts';
import type { KnownMedia, MediaItem } from '../domain/schedules/post.ts';
import type { FieldProblem } from '../domain/schedules/schedule-request.ts';
import { SCHEDULE_STATES } from '../domain/schedules/states.ts';
import { redact } from '../domain/text/redact.ts';
import { readItem } from '../ledger/schedules/items.ts';
import { mediaOf, type WorkspaceMediaDeps } from '../mediastore/workspace-media.ts';
import type { PlatformAdapter } from '../platforms/contract.ts';
import type { Platforms } from '../platforms/registry.ts';
import type { OpenMediaSource } from '../transport/media.ts';
import { MediaUnavailable } from '../transport/media-unavailable.ts';
import { editBar } from './edit-bar.ts';
import { mediaRefusals, type Refusals } from './media-refusals.ts';
import { replayBar } from './offers.ts';

export interface ReviewDeps extends WorkspaceMediaDeps {
  readonly platforms: Platforms;
}

type Source = Pick<OpenMediaSource, 'facts'>;

/** All files together: a person waits for the page. */
const READ_WITHIN_MS = 10_000;
const AT_ONCE = 4;

/** The review of a schedule's media, or null when it is not this workspace's. */
export async function reviewMedia(
  deps: ReviewDeps,
  workspaceId: string,
  scheduleId: string,
): Promise<MediaReview | null> {
  const facts = await readItem(deps.ledger, workspaceId, scheduleId);
  if (!facts) return null;
  const { schedule, account } = facts;
  const { content, delivery } = schedule;
  const adapter = deps.platforms.get(schedule.platform);
  const [reads, refusals, notEditable] = await Promise.all([
    readAll(mediaOf(deps, workspaceId), content.media),
    mediaRefusals(deps.ledger, schedule),
    editBar(deps.ledger, schedule),
  ]);
  const asFound = content.media.map((item, index) => merged(item, reads[index]));
  const scopes = account?.scopes ?? [];
  const problems = adapter?.check({ ...content, media: asFound }, delivery.options, { scopes }) ?? [];
  return {
    scheduleId: schedule.id,
    fingerprint: schedule.fingerprint,
    state: schedule.state,
    stateMeans: SCHEDULE_STATES[schedule.state].means,
    platform: schedule.platform,
    platformLabel: adapter?.label ?? schedule.platform,
    account: { id: schedule.accountId, name: account?.name ?? schedule.accountId },
    items: content.media.map((item, index) =>
      reviewed({ item, index, read: reads[index], asFound: asFound[index] ?? item, adapter, problems, refusals }),
    ),
    problems: problems.filter(({ field }) => field === 'media').map((problem) => sentence(problem, 'The media')),
    refused: refusals.together,
    notEditable,
    notReplayable: replayBar(facts, deps.ledger.clock.now()),
  };
}

type Read = { readonly found: FoundMedia } | { readonly unavailable: string };

async function readAll(source: Source, media: readonly MediaItem[]): Promise<Read[]> {
  const signal = AbortSignal.timeout(READ_WITHIN_MS);
  const reads: Read[] = [];
  for (let at = 0; at < media.length; at += AT_ONCE) {
    reads.push(...(await Promise.all(media.slice(at, at + AT_ONCE).map(({ url }) => readOne(source, url, signal)))));
  }
  return reads;
}

async function readOne(source: Source, url: string, signal: AbortSignal): Promise<Read> {
  try {
    const { codecs, ...found } = await source.facts(url, signal);
    return { found: { ...found, ...(codecs ? { codecs: [...codecs] } : {}) } };
  } catch (error) {
    if (error instanceof MediaUnavailable) return { unavailable: error.message };
    throw error;
  }
}

/** The item with what its file says in the place of what was said of it. */
function merged(item: MediaItem, read: Read | undefined): KnownMedia {
  if (!read || 'unavailable' in read) return item;
  const { sizeBytes = item.sizeBytes, ...found } = read.found;
  return { ...item, ...found, sizeBytes };
}

interface Reviewing {
  readonly item: MediaItem;
  readonly index: number;
  readonly read: Read | undefined;
  readonly asFound: KnownMedia;
  readonly adapter: PlatformAdapter | undefined;
  readonly problems: readonly FieldProblem[];
  readonly refusals: Refusals;
}

function reviewed({ item, index, read, asFound, adapter, problems, refusals }: Reviewing): ReviewedItem {
  const field = `media.${index}`;
  const own = problems.filter((problem) => problem.field === field || problem.field.startsWith(`${field}.`));
  const failing = new Set(own.map((problem) => factOf(problem.field)));
  return {
    number: index + 1,
    // An address may carry a password or a signature.
    item: { ...item, url: redact(item.url, null) },
    found: read && 'found' in read ? read.found : null,
    unavailable: read && 'unavailable' in read ? read.unavailable : null,
    limits: (adapter?.mediaLimits?.(asFound) ?? []).map((limit) => ({
      fact: limit.fact,
      allowed: limitWords(limit),
      is: valueWords(asFound, limit.fact),
      fits: !failing.has(limit.fact),
    })),
    problems: own.map((problem) => sentence(problem, named(problem.field))),
    refused: refusals.byItem.get(index) ?? null,
  };
}

/** A problem of the item as a whole, or of a side where its limit is its shape, is one of its shape. */
function factOf(field: string): LimitedFact {
  const name = field.split('.')[2] ?? 'shape';
  return isFact(name) ? name : 'shape';
}

const isFact = (name: string): name is LimitedFact => Object.hasOwn(LIMITED_FACTS, name);

function valueWords(item: KnownMedia, fact: LimitedFact): string | null {
  switch (fact) {
    case 'mediaType':
      return item.mediaType;
    case 'sizeBytes':
      return sizeWords(item.sizeBytes);
    case 'altText':
      return item.altText === undefined ? 'none' : `${[...item.altText].length} characters`;
    case 'durationSeconds':
      return item.durationSeconds === undefined ? null : `${item.durationSeconds} s`;
    case 'codecs':
      return item.codecs === undefined ? null : item.codecs.map(codecWords).join(' and ');
    case 'shape':
      return item.widthPx && item.heightPx ? `${Number((item.widthPx / item.heightPx).toFixed(2))}:1` : null;
    default:
      return item[fact] === undefined ? null : `${item[fact]} px`;
  }
}

/** What a problem is about, as a sentence begins with it. */
function named(field: string): string {
  const name = field.split('.')[2] ?? '';
  return isFact(name) ? LIMITED_FACTS[name] : 'It';
}

function sentence({ problem, limit }: FieldProblem, what: string): string {
  return limit === undefined || problem.includes(limit) ? `${what} ${problem}.` : `${what} ${problem} (${limit}).`;
}
