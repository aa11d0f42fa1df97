// The words of what is told: what happened, what is safe, and what to do next. Never more of a post than its excerpt.
import { OTHER_AUDIT } from '../audit/audit.ts';
import { CAUSES, type CauseCode } from '../causes/causes.ts';
import { ACTION_LABELS } from '../causes/next-action.ts';
import { actorName } from '../people/actor.ts';
import type { Item } from '../schedules/item.ts';
import { paceSchema } from '../schedules/pace.ts';
import { SCHEDULE_STATES, type ScheduleState, STATE_NAMES } from '../schedules/states.ts';
import type { Happening } from './happening.ts';
import { counted, inOneLine, instantWords, type Line, type News } from './telling.ts';

/** The page of a schedule. */
export const storyOf = (scheduleId: string) => `/schedules/${encodeURIComponent(scheduleId)}`;

/** The post as a line shows it: its beginning in quotes, or what else it is. */
export function postWords({ text, mediaCount, id }: Pick<Item, 'text' | 'mediaCount' | 'id'>): string {
  const words = inOneLine(text);
  if (words !== '') return `"${words}"`;
  return mediaCount > 0 ? `${id}, ${counted(mediaCount, 'medium', 'media')} without text` : id;
}

const OWNER_WORDS: Record<Item['owner']['role'], string> = {
  handoff_owner: 'who publishes it by hand',
  recovery_owner: 'who claimed it',
  last_actor: 'who touched it last',
  creator: 'who made it',
  system: 'Nobody owns it yet: it was made by the system.',
  unassigned: 'Nobody owns it yet.',
};

/** Who looks after it, as a sentence. */
export function ownerWords({ owner }: Pick<Item, 'owner'>): string {
  const { role, type, label } = owner;
  return label === null ? OWNER_WORDS[role] : `Owner: ${actorName({ type, label })}, ${OWNER_WORDS[role]}.`;
}

/** What to do about it, with where it is done. */
function nextLine(item: Item): Line {
  const { code, kind, href } = item.nextAction;
  if (kind === 'link' && href !== undefined) return { text: `Next: ${ACTION_LABELS[code]}.`, href };
  if (item.replayOffered)
    return { text: 'Next: replay it; the platform is asked first where a call may have left.', href: storyOf(item.id) };
  if (item.state === 'missed') return { text: 'Next: give it another time.', href: `${storyOf(item.id)}/reschedule` };
  return { text: 'Next: look at it and decide.', href: storyOf(item.id) };
}

const LIVE_WORDS = { live: 'is live', not_live: 'is not live', unknown: 'may be live or not' } as const;

function standing(item: Item): Line {
  const live = LIVE_WORDS[SCHEDULE_STATES[item.state].live];
  return { text: `${postWords(item)} was due ${instantWords(item.publishAt)} and ${live}.`, href: storyOf(item.id) };
}

const SAFE: Line = { text: 'Nothing is sent again until somebody decides.' };

const subjectOf = (item: Item) => ({
  scheduleId: item.id,
  accountId: item.account.id,
  platform: item.platform,
  ...(item.cause ? { cause: item.cause.code } : {}),
});

const on = ({ account, platform }: Item) => `${account.name} on ${platform}`;

/** A publish that waits for a person by itself, without others that failed for the same. */
export function itemNews(item: Item, position: number, event: 'needs_person' | 'unconfirmed'): News {
  const reason = item.gate.verdict === 'blocked' ? item.gate.reasons[0]?.text : undefined;
  const why = item.state === 'blocked' && reason !== undefined ? [{ text: reason }] : [];
  return {
    key: `${event}/${item.id}/${position}`,
    events: event === 'unconfirmed' ? ['unconfirmed', 'needs_person'] : ['needs_person'],
    headline: `${on(item)}: ${SCHEDULE_STATES[item.state].means}`,
    lines: [standing(item), ...why, SAFE, { text: ownerWords(item) }, nextLine(item)],
    subject: subjectOf(item),
  };
}

/** The first failure of an account for a cause; those that follow join it without a word. */
export function incidentNews(
  item: Item,
  cause: CauseCode,
  { position, failing }: { readonly position: number; readonly failing: number },
): News {
  const many: Line = {
    text: `${counted(failing, 'publish', 'publishes')} of this account failed for it so far; others that do are not told one by one.`,
    href: `/incidents/${item.account.id}/${cause}`,
  };
  return {
    key: `incident_opened/${item.account.id}/${cause}/${position}`,
    events: ['incident_opened', 'needs_person'],
    headline: `${on(item)}: not published. ${CAUSES[cause].means}`,
    lines: [standing(item), many, SAFE, { text: ownerWords(item) }, nextLine(item)],
    subject: { ...subjectOf(item), cause },
  };
}

/** What became of a publish that had failed, by the state it stands in when its incident closes. */
const BECAME: Record<ScheduleState, string> = {
  published: 'live',
  handoff_completed: 'published by hand',
  handoff_pending: 'handed to a person',
  canceled: 'canceled',
  failed: 'failed for another reason',
  blocked: 'stopped at the gate',
  repair_required: 'without its account',
  missed: 'too late',
  unconfirmed: 'live or not, which nobody can tell',
  queued: 'waiting to go out',
  posting: 'waiting to go out',
  retry_later: 'waiting to go out',
  outcome_unknown: 'waiting to go out',
  held: 'waiting to go out',
};

/** What still wants somebody, though no longer for what broke it then. */
const SETTLED: ReadonlySet<ScheduleState> = new Set(['published', 'handoff_completed', 'handoff_pending', 'canceled']);

function becameLine(became: ReadonlyMap<ScheduleState, number>): Line {
  const counts = new Map<string, number>();
  for (const state of STATE_NAMES) {
    const members = became.get(state) ?? 0;
    if (members > 0) counts.set(BECAME[state], (counts.get(BECAME[state]) ?? 0) + members);
  }
  const all = [...counts.values()].reduce((sum, members) => sum + members, 0);
  if (all === 0) return { text: 'None of this account stands failed for it any more.', href: '/' };
  const words = [...counts].map(([what, members]) => `${members} ${what}`).join(', ');
  return {
    text: `What became of the ${counted(all, 'publish', 'publishes')} that failed for it: ${words}.`,
    href: '/',
  };
}

/** None stands failed for it any more; what became of each is told as it is, also where it broke for something else. */
export function incidentClosedNews(incident: {
  readonly id: string;
  readonly accountId: string;
  readonly account: string;
  readonly platform: string;
  readonly cause: CauseCode;
  readonly openedAt: Date;
  readonly became: ReadonlyMap<ScheduleState, number>;
}): News {
  const { id, accountId, account, platform, cause, openedAt, became } = incident;
  const settled = [...became.keys()].every((state) => SETTLED.has(state));
  const over = settled ? 'the incident is over' : 'no publish stands failed for this any more';
  return {
    key: `incident_closed/${id}`,
    events: ['incident_closed'],
    headline: `${account} on ${platform}: ${over}. ${CAUSES[cause].means}`,
    lines: [
      { text: `It began ${instantWords(openedAt.toISOString())}.` },
      becameLine(became),
      ...(settled ? [] : [{ text: 'What is not live stands there with what stops it now.', href: '/' }]),
    ],
    subject: { accountId, platform, cause },
  };
}

/** A post that was in doubt, or had failed, is live. */
export function healedNews(item: Item, position: number): News {
  return {
    key: `healed/${item.id}/${position}`,
    events: ['healed'],
    headline: `${on(item)}: live after all`,
    lines: [
      { text: `${postWords(item)} is live, once.`, href: item.url ?? storyOf(item.id) },
      { text: 'There is nothing to do; this is how it got there.', href: storyOf(item.id) },
    ],
    subject: subjectOf(item),
  };
}

/** A version of a post that goes out only once it is approved. */
export function approvalNews(item: Item, position: number): News {
  return {
    key: `approval_asked/${item.id}/${position}`,
    events: ['approval_asked'],
    headline: `${on(item)}: a post waits for approval`,
    lines: [
      { text: `${postWords(item)} is due ${instantWords(item.publishAt)}.`, href: storyOf(item.id) },
      { text: 'It goes out only once this version is approved.' },
    ],
    subject: subjectOf(item),
  };
}

/** The platform holds two posts of one schedule. */
export function secondPostNews(item: Item, position: number): News {
  return {
    key: `second_post/${item.id}/${position}`,
    events: ['needs_person'],
    headline: `${on(item)}: a second post was found`,
    lines: [
      {
        text: `${postWords(item)} may stand there twice; look at the account and take one of them away.`,
        href: storyOf(item.id),
      },
    ],
    subject: subjectOf(item),
  };
}

const text = (value: unknown) => (typeof value === 'string' ? inOneLine(value) : '');

/** The platform refuses our app, whatever the account. */
export function appFaultNews({ payload, position }: Happening): News {
  const platform = text(payload.platform);
  return {
    key: `app_fault/${platform}/${text(payload.cause)}/${position}`,
    events: ['needs_person'],
    headline: `${platform}: the platform refuses the app itself`,
    lines: [
      {
        text: 'No account of it can publish until the app is mended with the platform; nothing was disconnected.',
        href: '/connections',
      },
    ],
    subject: { platform },
  };
}

/** A renewal found that the connection of an account is dead, before anything was published with it. */
export function connectionLostNews({ payload, position }: Happening): News {
  const [accountId, platform, name] = [text(payload.accountId), text(payload.platform), text(payload.name)];
  return {
    key: `connection_lost/${accountId}/${position}`,
    events: ['needs_person'],
    headline: `${name} on ${platform}: the connection is dead`,
    lines: [
      {
        text: 'What is due for it will not be published; nothing else is touched. Next: reconnect the account.',
        href: `/connections/${accountId}`,
      },
    ],
    subject: { accountId, platform },
  };
}

/** A grant that nobody renewed in time. */
export function grantEndingNews(account: { id: string; name: string; platform: string; endsAt: Date }): News {
  const { id, name, platform, endsAt } = account;
  return {
    key: `grant_ending/${id}/${endsAt.toISOString()}`,
    events: ['grant_ending'],
    headline: `${name} on ${platform}: the grant is about to end`,
    lines: [
      {
        text: `It ends ${instantWords(endsAt.toISOString())}, and what is due after that is not published. Next: reconnect the account.`,
        href: `/connections/${id}`,
      },
    ],
    subject: { accountId: id, platform },
  };
}

const HOLD_SCOPE_WORDS: Readonly<Record<string, string>> = {
  workspace: 'the whole workspace',
  account: 'one account',
  delivery_set: 'one delivery set',
};

/** How what waited goes out, as it stands in the audit row. */
function releasePace(pace: unknown): string {
  const known = paceSchema.safeParse(pace).data ?? { kind: 'at_once' };
  if (known.kind === 'at_once') return 'go out now';
  if (known.kind === 'until') return `go out one after another until ${instantWords(known.at)}`;
  return `go out one after another, one every ${counted(known.minutes, 'minute', 'minutes')}`;
}

/** Publishing was stopped, or goes on. */
export function holdNews({ type, payload, actor, position }: Happening): News {
  const placed = type === OTHER_AUDIT.holdPlaced;
  const scope = HOLD_SCOPE_WORDS[text(payload.scope)] ?? text(payload.scope);
  const [released, missed] = [Number(payload.released ?? 0), Number(payload.missed ?? 0)];
  const outcome = placed
    ? `${actor} says why: ${text(payload.reason)}. Nothing of it is created until the hold is released.`
    : `${actor} released it: ${counted(released, 'publish', 'publishes')} that waited ${releasePace(payload.pace)}, ${missed} were too old.`;
  return {
    key: `hold/${position}`,
    events: [placed ? 'hold_placed' : 'hold_released'],
    headline: placed ? `Publishing is on hold for ${scope}` : `The hold for ${scope} is released`,
    lines: [{ text: outcome, href: '/' }],
    subject: { holdId: text(payload.holdId) },
  };
}

/** Something that somebody has to know of. */
export function alarmNews({ payload, position }: Happening): News {
  const severity = text(payload.severity);
  return {
    key: `alarm/${position}`,
    events: ['alarm_opened'],
    headline: `Alarm (${severity}): ${text(payload.subject)}`,
    lines: [{ text: text(payload.says), href: '/alarms' }],
    subject: { alarmId: text(payload.alarmId) },
  };
}

/** What a rule says of an event. */
export function ruleNews({ payload, position }: Happening): News {
  return {
    key: `rule/${position}`,
    events: ['rule_tells'],
    headline: 'A rule tells',
    lines: [{ text: text(payload.says), href: '/activity' }],
    subject: { eventId: text(payload.eventId) },
  };
}

/** Somebody tries a channel. */
export function testNews(id: string, by: string): News {
  return {
    key: `test/${id}`,
    events: ['test'],
    headline: 'A test of this channel',
    lines: [
      {
        text: `${by} asked for it. There is nothing to do; what is told here looks like this.`,
        href: '/notifications',
      },
    ],
    subject: {},
  };
}
