// Assembles the morning report: the same for the page, the API and the channels that are told it.
import { type MorningReport, reportSentence } from '../domain/notifications/report.ts';
import type { ScheduleState } from '../domain/schedules/states.ts';
import { GROUPS } from '../domain/schedules/surface.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { lastReported } from '../ledger/notifications/reports.ts';
import { countLiveSince, dueBefore, liveSince } from '../ledger/posts/live-since.ts';
import { countItems } from '../ledger/schedules/items.ts';
import { excerpt } from './item.ts';
import { listItems } from './list-items.ts';

/** A report names as many of each. */
const NAMED = 20;
const A_DAY_MS = 24 * 3_600_000;

const BROKE: readonly ScheduleState[] = [...GROUPS.person.states, ...GROUPS.unknown.states];

export interface ReportWanted {
  readonly workspaceId: string;
  readonly workspaceName: string;
  readonly since: Date;
}

/** What happened since then, and how things stand now. */
export async function morningReport(ledger: Ledger, wanted: ReportWanted): Promise<MorningReport> {
  const { workspaceId, workspaceName, since } = wanted;
  const now = ledger.clock.now();
  const [live, posts, broke, waiting, due] = await Promise.all([
    countLiveSince(ledger, { workspaceId, since }),
    liveSince(ledger, { workspaceId, since }, NAMED),
    standing(ledger, workspaceId, BROKE),
    standing(ledger, workspaceId, GROUPS.itself.states),
    dueBefore(ledger, { workspaceId, before: new Date(now.getTime() + A_DAY_MS) }),
  ]);
  const report = {
    workspace: workspaceName,
    since: since.toISOString(),
    until: now.toISOString(),
    live: { count: live, posts: posts.map(shownPost) },
    broke: {
      ...broke,
      fresh: await countItems(ledger, {
        workspaceId,
        states: BROKE,
        surface: 'recovery',
        filter: { failedFrom: since },
      }).then(sum),
    },
    waiting,
    due: { count: due.count, first: due.first?.toISOString() ?? null },
  };
  return { ...report, sentence: reportSentence(report) };
}

/** Since when the page tells: what the last report told, and what came after it; a day where there was none. */
export async function sinceLastReport(ledger: Ledger, workspaceId: string): Promise<Date> {
  const last = await lastReported(ledger, workspaceId);
  return last?.from ?? new Date(ledger.clock.now().getTime() - A_DAY_MS);
}

async function standing(ledger: Ledger, workspaceId: string, states: readonly ScheduleState[]) {
  const counts = await countItems(ledger, { workspaceId, states, surface: 'recovery' });
  const { items } = await listItems(ledger, {
    workspaceId,
    states,
    order: 'newest_failure',
    after: null,
    limit: NAMED,
  });
  return { count: sum(counts), items };
}

const sum = (counts: Readonly<Partial<Record<ScheduleState, number>>>) =>
  Object.values(counts).reduce((all, count) => all + count, 0);

function shownPost({ content, publishedAt, evidence, ...post }: Awaited<ReturnType<typeof liveSince>>[number]) {
  return {
    ...post,
    text: excerpt(content.text),
    mediaCount: content.media.length,
    publishedAt: publishedAt.toISOString(),
    healed: evidence === 'reconciled',
  };
}
