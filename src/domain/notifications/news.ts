// Which events of the audit trail are news to people, and which are not: told is only what still stands when it is told.
import { OTHER_AUDIT, SCHEDULE_AUDIT } from '../audit/audit.ts';
import type { Item } from '../schedules/item.ts';
import { SCHEDULE_STATES } from '../schedules/states.ts';
import { foundRunNews } from './found-run.ts';
import { type BegunIncident, type Happening, type IncidentKey, incidentId } from './happening.ts';
import type { News } from './telling.ts';
import {
  alarmNews,
  appFaultNews,
  approvalNews,
  connectionLostNews,
  healedNews,
  holdNews,
  incidentNews,
  itemNews,
  ruleNews,
  secondPostNews,
} from './words.ts';

export interface Told {
  readonly news: readonly News[];
  /** Incidents that began. */
  readonly opened: readonly BegunIncident[];
}

/**
 * What is to be told of a page of the trail, in its order. `open`: the incidents that stand open, by `incidentId`; a failure
 * that joins one is no news of its own. `failing`: how many publishes stand failed now, by the same id.
 */
export function whatIsNew(
  happenings: readonly Happening[],
  { open, failing }: { readonly open: ReadonlySet<string>; readonly failing: ReadonlyMap<string, number> },
): Told {
  const known = new Set(open);
  const news: News[] = [];
  const opened: BegunIncident[] = [];
  for (const happening of happenings) {
    const incident = incidentOf(happening);
    if (incident === null) {
      const told = newsOf(happening);
      if (told) news.push(told);
      continue;
    }
    const id = incidentId(incident);
    if (known.has(id)) continue;
    known.add(id);
    const { item, accountId, cause } = incident;
    opened.push({ accountId, cause, begunAt: item.failedAt });
    news.push(incidentNews(item, cause, { position: happening.position, failing: failing.get(id) ?? 1 }));
  }
  return { news: folded(onceEach(news)), opened };
}

const FAILURES: ReadonlySet<string> = new Set([SCHEDULE_AUDIT.refused, SCHEDULE_AUDIT.workflow_lost]);

/** Whether an event about a schedule may be news, so that its item is worth reading: on a good night hardly any is. */
export function mayBeNews(happening: Pick<Happening, 'type' | 'payload' | 'brokeBefore'>): boolean {
  const { type } = happening;
  if (type === SCHEDULE_AUDIT.published) return isHealed(happening);
  if (FAILURES.has(type) || STOPS.has(type) || VERSIONS.has(type)) return true;
  return type === SCHEDULE_AUDIT.unconfirmed || type === OTHER_AUDIT.secondPost;
}

/** The incident a failure belongs to; null when the event is none, or the failure stands no more. */
function incidentOf({ type, item }: Happening): (IncidentKey & { readonly item: Item }) | null {
  if (!FAILURES.has(type) || item?.state !== 'failed' || item.cause === null) return null;
  return { accountId: item.account.id, cause: item.cause.code, item };
}

/** After these the publish waits for a person. */
const STOPS: ReadonlySet<string> = new Set([
  SCHEDULE_AUDIT.gate_blocked,
  SCHEDULE_AUDIT.target_repair,
  SCHEDULE_AUDIT.handed_off,
  SCHEDULE_AUDIT.missed,
]);
const VERSIONS: ReadonlySet<string> = new Set([OTHER_AUDIT.scheduleCreated, OTHER_AUDIT.edited]);

function newsOf(happening: Happening): News | null {
  const { type, item } = happening;
  if (type === OTHER_AUDIT.holdPlaced || type === OTHER_AUDIT.holdReleased) return holdNews(happening);
  if (type === OTHER_AUDIT.appFault) return appFaultNews(happening);
  if (type === OTHER_AUDIT.alarmOpened) return alarmNews(happening);
  if (type === OTHER_AUDIT.ruleNotified) return ruleNews(happening);
  if (type === OTHER_AUDIT.rechecked) return foundRunNews(happening);
  if (item !== null) return scheduleNews(happening, item);
  // One that a publish met is told with its failure.
  const byItself = type === OTHER_AUDIT.accountReconnectRequired && happening.scheduleId === null;
  return byItself ? connectionLostNews(happening) : null;
}

function scheduleNews(happening: Happening, item: Item): News | null {
  const { type, payload, position } = happening;
  if (type === OTHER_AUDIT.secondPost) return secondPostNews(item, position);
  if (type === SCHEDULE_AUDIT.published) return isHealed(happening) ? healedNews(item, position) : null;
  if (VERSIONS.has(type)) return waitsForApproval(item) ? approvalNews(item, position) : null;
  if (!SCHEDULE_STATES[item.state].waitsForPerson || payload.to !== item.state) return null;
  if (type === SCHEDULE_AUDIT.unconfirmed) return itemNews(item, position, 'unconfirmed');
  return STOPS.has(type) ? itemNews(item, position, 'needs_person') : null;
}

/** A post that somebody said is live is no news: they know. */
function isHealed({ payload, brokeBefore }: Pick<Happening, 'payload' | 'brokeBefore'>): boolean {
  return payload.evidence === 'reconciled' || (brokeBefore && payload.evidence !== 'resolved_by_person');
}

function waitsForApproval({ gate, state }: Item): boolean {
  if (SCHEDULE_STATES[state].ended || gate.verdict !== 'blocked') return false;
  return gate.reasons.some(({ code }) => code === 'review_not_approved');
}

/** Of several news of one kind about one schedule in one page, the last. */
function onceEach(news: readonly News[]): News[] {
  const last = new Map(news.map((told) => [`${told.events[0]} ${told.subject.scheduleId ?? told.key}`, told]));
  return [...last.values()];
}

/** More of one kind at once are one message. */
const MOST_OF_A_KIND = 5;

const FOLDED_HEADLINES = {
  needs_person: 'publishes need a person',
  unconfirmed: 'publishes are unconfirmed',
  healed: 'publishes healed',
  incident_opened: 'incidents opened',
  approval_asked: 'posts wait for approval',
} as const;
const isFoldable = (event: string): event is keyof typeof FOLDED_HEADLINES => Object.hasOwn(FOLDED_HEADLINES, event);

function folded(news: readonly News[]): News[] {
  const kinds = new Map<string, News[]>();
  for (const told of news) kinds.set(told.events[0], [...(kinds.get(told.events[0]) ?? []), told]);
  return [...kinds].flatMap(([event, all]) =>
    isFoldable(event) && all.length > MOST_OF_A_KIND ? [fold(all, event)] : all,
  );
}

function fold(news: readonly News[], event: keyof typeof FOLDED_HEADLINES): News {
  const [first, ...others] = news;
  const lines = news.slice(0, MOST_OF_A_KIND).map(({ headline, lines: [line] }) => ({ ...line, text: headline }));
  return {
    key: `${first?.key} and ${others.length} more`,
    events: first?.events ?? [event],
    headline: `${news.length} ${FOLDED_HEADLINES[event]}`,
    lines: [...lines, { text: `${news.length - lines.length} more: see all of them.`, href: '/' }],
    subject: {},
  };
}
