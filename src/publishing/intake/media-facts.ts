// The facts of a post's media, read once when it is taken in: they fill what the caller left out, and contradict what the
// caller got wrong. A host that is away stops only a post that cannot be stored without it.
import { type GivenMedia, type KnownMedia, type MediaItem, mediaItemSchema } from '../../domain/schedules/post.ts';
import { type FieldProblem, fieldProblems } from '../../domain/schedules/schedule-request.ts';
import type { MediaFacts } from '../../transport/facts/media-facts.ts';
import type { OpenMediaSource } from '../../transport/media.ts';
import { MediaUnavailable } from '../../transport/media-unavailable.ts';
import { IntakeRefused } from './intake-refused.ts';

/** All of a post's files together: a caller waits for it, and a workflow task does. */
const READ_WITHIN_MS = 10_000;

/** Files read beside each other: of each up to nine megabytes are held. */
const AT_ONCE = 4;

/** Callers round durations. */
const SECONDS_APART = 1;

/** Where files are read. */
export type FactsSource = Pick<OpenMediaSource, 'facts'>;

/** What the reading of one file came to. */
type Read =
  | { readonly kind: 'item'; readonly item: KnownMedia }
  | { readonly kind: 'wrong'; readonly problems: readonly FieldProblem[] }
  | { readonly kind: 'away'; readonly problem: FieldProblem };

/**
 * The media as they are stored, each beside its codecs where its file was read.
 * @throws IntakeRefused `invalid_schedule` where a file is not what the caller says or nothing that can be posted;
 * `media_unreachable` where one cannot be read now and the caller left out its type or size
 */
export async function completeMedia(source: FactsSource, given: readonly GivenMedia[]): Promise<KnownMedia[]> {
  const signal = AbortSignal.timeout(READ_WITHIN_MS);
  const reads: Read[] = [];
  for (let at = 0; at < given.length; at += AT_ONCE) {
    const some = given.slice(at, at + AT_ONCE);
    reads.push(...(await Promise.all(some.map((item, next) => readOne(source, item, `media.${at + next}`, signal)))));
  }
  const wrong = reads.flatMap((read) => (read.kind === 'wrong' ? read.problems : []));
  if (wrong.length > 0) throw new IntakeRefused('invalid_schedule', wrong);
  const away = reads.flatMap((read) => (read.kind === 'away' ? [read.problem] : []));
  if (away.length > 0) throw new IntakeRefused('media_unreachable', away);
  return reads.flatMap((read) => (read.kind === 'item' ? [read.item] : []));
}

/** The media where nothing needs to be read to store them; null where a type or a size was left out. */
export function completeAsGiven(given: readonly GivenMedia[]): MediaItem[] | null {
  const items = given.map((item) => mediaItemSchema.safeParse(item).data);
  return items.every((item) => item !== undefined) ? items : null;
}

async function readOne(source: FactsSource, given: GivenMedia, field: string, signal: AbortSignal): Promise<Read> {
  try {
    return combine(given, await source.facts(given.url, signal), field);
  } catch (error) {
    if (!(error instanceof MediaUnavailable)) throw error;
    return unread(given, error, `${field}.url`);
  }
}

function unread(given: GivenMedia, { problem, happened }: MediaUnavailable, field: string): Read {
  const told = { field, problem: happened };
  if (problem !== 'unreachable' && problem !== 'refused') return { kind: 'wrong', problems: [told] };
  // The file may be put there until the post is due; then it is read again, and held to what the caller says.
  const [item] = completeAsGiven([given]) ?? [];
  if (item) return { kind: 'item', item };
  return problem === 'refused' ? { kind: 'wrong', problems: [told] } : { kind: 'away', problem: told };
}

function combine(given: GivenMedia, facts: MediaFacts, field: string): Read {
  const problems = contradictions(given, facts, field);
  if (problems.length > 0) return { kind: 'wrong', problems };
  if ((given.sizeBytes ?? facts.sizeBytes) === undefined) {
    const problem = 'is missing, and the server of the file does not say how long it is';
    return { kind: 'wrong', problems: [{ field: `${field}.sizeBytes`, problem }] };
  }
  const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  // Which codecs are in it is looked at anew whenever somebody asks.
  const { codecs, ...stored } = facts;
  const item = mediaItemSchema.safeParse({ ...stored, ...said });
  return item.success
    ? { kind: 'item', item: { ...item.data, ...(codecs ? { codecs } : {}) } }
    : { kind: 'wrong', problems: fieldProblems(item.error, field.split('.')) };
}

const COMPARED = ['mediaType', 'sizeBytes', 'widthPx', 'heightPx', 'animated', 'durationSeconds'] as const;

function contradictions(given: GivenMedia, facts: MediaFacts, field: string): FieldProblem[] {
  return COMPARED.flatMap((name) => {
    const [said, found] = [given[name], facts[name]];
    if (said === undefined || found === undefined || agree(said, found, name)) return [];
    return [{ field: `${field}.${name}`, problem: `is ${said}, but the file itself says ${found}`, limit: `${found}` }];
  });
}

function agree(said: string | number | boolean, found: string | number | boolean, name: (typeof COMPARED)[number]) {
  if (name !== 'durationSeconds') return said === found;
  return Math.abs(Number(said) - Number(found)) < SECONDS_APART;
}
