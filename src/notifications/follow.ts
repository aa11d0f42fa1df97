// One look through a workspace's audit trail: what is new becomes messages to its channels. It only reads what publishes
// wrote, in transactions of its own, so that nothing that fails here can reach a publish.

import { OTHER_AUDIT, SCHEDULE_AUDIT } from '../domain/audit/audit.ts';
import type { Happening } from '../domain/notifications/happening.ts';
import { mayBeNews, whatIsNew } from '../domain/notifications/news.ts';
import { type News, tellingFor } from '../domain/notifications/telling.ts';
import { waitingRunNews } from '../domain/notifications/waiting-run.ts';
import { grantEndingNews, incidentClosedNews } from '../domain/notifications/words.ts';
import type { RunSummary } from '../domain/pipeline/run-view.ts';
import { mayRenew } from '../ledger/accounts/holds-renewal.ts';
import type { NewDelivery } from '../ledger/notifications/deliveries.ts';
import { tellEndingGrants } from '../ledger/notifications/grants.ts';
import { closeIncidents } from '../ledger/notifications/incidents.ts';
import {
  brokenTraces,
  failingNow,
  keepLook,
  openIncidents,
  type TrailEvent,
  unseenEvents,
} from '../ledger/notifications/news.ts';
import { tellWaitingRuns } from '../ledger/notifications/waiting-runs.ts';
import { findRuns } from '../ledger/runs/runs.ts';
import { readItemsOf } from '../ledger/schedules/items.ts';
import { viewRunRows } from '../pipeline/runs/view-run.ts';
import { assembleItem } from '../recovery/item.ts';
import type { Channel } from './channels.ts';
import type { NotifyingContext } from './context.ts';

/** Events of one step; a workspace that was not looked at for long takes several. */
const PAGE = 200;

type Looking = Pick<NotifyingContext, 'ledger' | 'platforms' | 'settings'>;

export interface Followed {
  readonly workspaceId: string;
  readonly channels: readonly Channel[];
}

/** Looks until nothing is new. `goesOn`: asked between two steps. */
export async function followWorkspace(context: Looking, followed: Followed, goesOn: () => boolean): Promise<void> {
  do {
    if (!(await followPage(context, followed))) break;
  } while (goesOn());
  const { ledger, platforms, settings } = context;
  const { workspaceId, channels } = followed;
  await closeIncidents(ledger, workspaceId, (incident) => deliveriesOf([incidentClosedNews(incident)], channels));
  await tellWaitingRuns(ledger, {
    workspaceId,
    pace: settings.notifications.runWaits,
    tell: (run, reminder) => deliveriesOf([waitingRunNews(run, reminder)], channels),
  });
  await tellEndingGrants(ledger, {
    workspaceId,
    endsForGood: (account) => platforms.get(account.platform)?.renewAheadMs !== undefined || !mayRenew(ledger, account),
    withinMs: settings.notifications.grantEndsWithinMs,
    tell: (grant) => deliveriesOf([grantEndingNews(grant)], channels),
  });
}

/** Answers whether there may be more. */
async function followPage({ ledger }: Looking, { workspaceId, channels }: Followed): Promise<boolean> {
  const { after, events } = await unseenEvents(ledger, workspaceId, PAGE);
  const last = events.at(-1);
  if (last === undefined) return false;
  const happenings = await happeningsOf(ledger, workspaceId, events);
  const failed = happenings.some(({ item }) => item?.state === 'failed');
  const told = whatIsNew(happenings, {
    open: failed ? await openIncidents(ledger, workspaceId) : new Set(),
    failing: failed ? await failingNow(ledger, workspaceId) : new Map(),
  });
  const deliveries = deliveriesOf(told.news, channels);
  const kept = await keepLook(ledger, { workspaceId, after, upTo: last.position, deliveries, opened: told.opened });
  return kept && events.length === PAGE;
}

async function happeningsOf(
  ledger: Looking['ledger'],
  workspaceId: string,
  events: readonly TrailEvent[],
): Promise<Happening[]> {
  const live = events.filter(({ type }) => type === SCHEDULE_AUDIT.published).map(({ traceId }) => traceId);
  const broken = await brokenTraces(ledger, workspaceId, live);
  const seen = events.map(({ traceId, ...event }) => ({ ...event, brokeBefore: broken.has(traceId) }));
  const ids = seen.flatMap((event) => (event.scheduleId !== null && mayBeNews(event) ? event.scheduleId : []));
  const facts = await readItemsOf(ledger, workspaceId, [...new Set(ids)]);
  const items = new Map(facts.map((one) => [one.schedule.id, assembleItem(one)]));
  const found = await foundOf(ledger, workspaceId, events);
  return seen.map((event) => ({
    ...event,
    item: items.get(event.scheduleId ?? '') ?? null,
    found: event.type === OTHER_AUDIT.rechecked ? (found.get(String(event.payload.runId)) ?? null) : null,
  }));
}

/** The runs whose published posts were looked at again, by their id. */
async function foundOf(
  ledger: Looking['ledger'],
  workspaceId: string,
  events: readonly TrailEvent[],
): Promise<ReadonlyMap<string, RunSummary>> {
  const looked = events.filter(({ type }) => type === OTHER_AUDIT.rechecked);
  const ids = new Set(looked.map(({ payload }) => String(payload.runId)));
  const runs = await viewRunRows(ledger, workspaceId, await findRuns(ledger, workspaceId, [...ids]));
  return new Map(runs.map((run) => [run.id, run]));
}

/** What each channel is told of the news. */
export function deliveriesOf(
  news: readonly News[],
  channels: readonly Pick<Channel, 'name' | 'takes'>[],
): NewDelivery[] {
  return news.flatMap((one) =>
    channels.flatMap(({ name, takes }) => {
      const telling = tellingFor(one, takes);
      return telling ? [{ channel: name, key: one.key, telling }] : [];
    }),
  );
}
