// The morning report of a workspace: what went live, what broke and who owns it, and what is waiting. Its words, too.
import { z } from 'zod';
import { type Item, instantSchema, itemSchema } from '../schedules/item.ts';
import { SCHEDULE_STATES } from '../schedules/states.ts';
import { counted, instantWords, type Line, type News } from './telling.ts';
import { ownerWords, postWords, storyOf } from './words.ts';

const livePostSchema = z.object({
  scheduleId: z.string(),
  text: z.string().meta({ description: "The beginning of the post's text." }),
  mediaCount: z.int(),
  platform: z.string(),
  account: z.string(),
  publishedAt: instantSchema,
  url: z.string().nullable(),
  healed: z.boolean().meta({ description: 'Its outcome was unknown, until the platform showed it.' }),
});

const waitingSchema = z.object({
  count: z.int(),
  items: z.array(itemSchema).meta({ description: 'The first of them.' }),
});

export const reportSchema = z
  .object({
    workspace: z.string(),
    since: instantSchema,
    until: instantSchema,
    sentence: z.string().meta({ description: 'The whole of it in one sentence.' }),
    live: z.object({ count: z.int(), posts: z.array(livePostSchema).meta({ description: 'The newest of them.' }) }),
    broke: waitingSchema.extend({ fresh: z.int().meta({ description: 'As many broke since then.' }) }),
    waiting: waitingSchema,
    due: z.object({ count: z.int(), first: instantSchema.nullable() }).meta({ description: 'In the next 24 hours.' }),
  })
  .meta({ id: 'MorningReport' });
export type MorningReport = z.infer<typeof reportSchema>;

/** The report in one sentence; all there is to say of a quiet night. */
export function reportSentence({ live, broke, waiting }: Pick<MorningReport, 'live' | 'broke' | 'waiting'>): string {
  const went = live.count === 0 ? 'nothing went live' : `${counted(live.count, 'post')} went live`;
  if (broke.count === 0 && waiting.count === 0) return `A quiet night: ${went}, and nothing waits for anybody.`;
  const needs = broke.count === 1 ? '1 publish needs' : `${broke.count} publishes need`;
  const broken = broke.count === 0 ? 'nothing needs a person' : `${needs} a person, ${freshWords(broke)}`;
  const goes = waiting.count === 0 ? '' : `; ${waiting.count} ${waiting.count === 1 ? 'goes' : 'go'} on without help`;
  return `${capital(broken)}; ${went}${goes}.`;
}

function freshWords({ count, fresh }: { readonly count: number; readonly fresh: number }): string {
  if (fresh === 0) return 'none of them new';
  return fresh === count ? 'all since the last report' : `${fresh} of them since the last report`;
}

const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** Whether nothing happened that anybody has to look at. */
export function isQuiet({ broke, waiting }: Pick<MorningReport, 'broke' | 'waiting'>): boolean {
  return broke.count === 0 && waiting.count === 0;
}

/** What broke, in words: the cause where it says more than the state, else what stopped it. */
export function brokeWords({ state, cause, gate }: Pick<Item, 'state' | 'cause' | 'gate'>): string {
  const stopped = gate.verdict === 'blocked' && state === 'blocked' ? gate.reasons[0]?.text : undefined;
  const means = state === 'unconfirmed' ? undefined : cause?.means;
  return means ?? stopped ?? `${capital(SCHEDULE_STATES[state].means)}.`;
}

/** Where the next step about an item is taken. */
export function nextHref({ id, nextAction }: Pick<Item, 'id' | 'nextAction'>): string {
  return nextAction.href ?? storyOf(id);
}

/** A message names as many of each; the page has the rest. */
const NAMED = 10;

/** The report as channels are told it. */
export function reportNews(report: MorningReport, key: string): News {
  return {
    key: `morning_report/${key}`,
    events: ['morning_report'],
    headline: `Morning report: ${report.sentence}`,
    lines: [...reportLines(report), { text: 'The whole report.', href: '/report' }],
    subject: {},
  };
}

/** The report line by line, without its sentence; of a quiet night only what is due. */
export function reportLines(report: MorningReport): Line[] {
  const { due } = report;
  const posts = counted(due.count, 'post is', 'posts are');
  const next =
    due.first === null ? [] : [{ text: `${posts} due in the next 24 hours, the first ${instantWords(due.first)}.` }];
  if (isQuiet(report)) return next;
  return [...brokeLines(report), ...waitingLines(report), ...liveLines(report), ...next];
}

function* brokeLines({ broke: { count, items } }: MorningReport): Generator<Line> {
  if (count === 0) return;
  yield { text: `Needs a person (${count}):` };
  for (const item of items.slice(0, NAMED)) {
    const text = `${item.account.name} on ${item.platform}: ${postWords(item)}. ${brokeWords(item)} ${ownerWords(item)}`;
    yield { text, href: nextHref(item) };
  }
  yield* more(count, '/');
}

function* waitingLines({ waiting: { count, items } }: MorningReport): Generator<Line> {
  if (count === 0) return;
  yield { text: `Goes on without help (${count}):` };
  for (const item of items.slice(0, NAMED)) {
    const until = item.wakeAt === null ? '' : `, until ${instantWords(item.wakeAt)}`;
    const text = `${item.account.name} on ${item.platform}: ${postWords(item)}, ${SCHEDULE_STATES[item.state].means}${until}`;
    yield { text, href: storyOf(item.id) };
  }
  yield* more(count, '/');
}

function* liveLines({ live: { count, posts } }: MorningReport): Generator<Line> {
  if (count === 0) return;
  yield { text: `Went live (${count}):` };
  for (const post of posts.slice(0, NAMED)) {
    const healed = post.healed ? ', after its outcome was unknown' : '';
    const words = postWords({ ...post, id: post.scheduleId });
    yield {
      text: `${post.account} on ${post.platform}: ${words}${healed}`,
      href: post.url ?? storyOf(post.scheduleId),
    };
  }
  yield* more(count, '/report');
}

function* more(count: number, href: string): Generator<Line> {
  if (count > NAMED) yield { text: `${count - NAMED} more.`, href };
}
