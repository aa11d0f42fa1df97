// What must hold between settings that are each right by themselves. All such rules stand here.
import { contractFaults } from '../../domain/pipeline/faults.ts';
import { SEARCH_ATTRIBUTES } from '../../domain/temporal/search-attributes.ts';
import { formatDurationMs } from './duration.ts';
import type { KeyPath } from './place-of.ts';
import type { SettingsFile } from './schema.ts';
import type { SearchAttributeType } from './settings.ts';
import { toPipeline } from './to-pipelines.ts';

/** A rule that does not hold: the key to mend and what is allowed for it. */
export interface Conflict {
  readonly path: KeyPath;
  readonly reason: string;
}

/** Temporal's SQL stores index so many attributes of one type per namespace; all types but Keyword have three. */
const mostOfType = (type: SearchAttributeType): number => (type === 'Keyword' ? 10 : 3);

interface Bound {
  readonly path: KeyPath;
  readonly valueMs: number;
  /** What the value is, where it is more than the key's own. */
  readonly label?: string;
}

function* atLeast(longer: Bound, shorter: Bound, why: string): Generator<Conflict> {
  if (longer.valueMs >= shorter.valueMs) return;
  const least = formatDurationMs(shorter.valueMs);
  const other = shorter.label ?? shorter.path.join('.');
  yield {
    path: longer.path,
    reason: `${longer.path.join('.')} is ${formatDurationMs(longer.valueMs)}, but ${other} is ${least}; allowed: ${least} or more, because ${why}.`,
  };
}

function* searchAttributeConflicts(attributes: SettingsFile['search_attributes']): Generator<Conflict> {
  for (const name of Object.values(SEARCH_ATTRIBUTES)) {
    const type = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    if (type === 'Keyword') continue;
    const path = ['search_attributes', name];
    yield {
      path,
      reason: `${path.join('.')} is ${type ?? 'missing'}; allowed: Keyword, because every publish sets it.`,
    };
  }
  for (const type of new Set(Object.values(attributes))) {
    const names = Object.keys(attributes).filter((name) => attributes[name] === type);
    const most = mostOfType(type);
    const surplus = names[most];
    if (surplus === undefined) continue;
    yield {
      path: ['search_attributes', surplus],
      reason: `search_attributes has ${names.length} attributes of type ${type}; allowed: at most ${most} in one namespace.`,
    };
  }
}

function* timeoutConflicts({ timeouts }: SettingsFile): Generator<Conflict> {
  const at = (key: keyof typeof timeouts): Bound => ({ path: ['timeouts', key], valueMs: timeouts[key] });
  yield* atLeast(at('lease'), at('heartbeat'), 'an account must stay held until its worker is known to be dead');
  const { media_processing, send_window, answer, heartbeat } = timeouts;
  const parts = media_processing + send_window + answer + heartbeat;
  const label = 'timeouts.media_processing with send_window, answer and heartbeat';
  yield* atLeast(at('attempt'), { path: [], label, valueMs: parts }, 'one attempt needs time for all of them');
}

function* timerConflicts({ timers }: SettingsFile): Generator<Conflict> {
  const at = (key: Exclude<keyof typeof timers, 'unreachable_tries'>): Bound => ({
    path: ['timers', key],
    valueMs: timers[key],
  });
  yield* atLeast(at('retry_max'), at('retry_min'), 'they are the two bounds of one wait');
  yield* atLeast(at('unreachable_max'), at('unreachable_first'), 'the wait doubles from the first to the longest');
}

function* reconcileConflicts({ reconcile }: SettingsFile): Generator<Conflict> {
  const at = (key: 'first_look' | 'read_retry' | 'give_up_after'): Bound => ({
    path: ['reconcile', key],
    valueMs: reconcile[key],
  });
  const giveUpAfter = at('give_up_after');
  yield* atLeast(giveUpAfter, at('first_look'), 'nobody is asked before the first look');
  yield* atLeast(giveUpAfter, at('read_retry'), 'a look that failed must get a second chance');
  for (const [platform, horizonMs] of Object.entries(reconcile.visibility_horizon)) {
    const path = ['reconcile', 'visibility_horizon', platform];
    const label = `${path.join('.')} with reconcile.spacing`;
    const twoLooks: Bound = { path, label, valueMs: horizonMs + reconcile.spacing };
    yield* atLeast(giveUpAfter, twoLooks, 'both looks must fit before it');
  }
}

type WorkspaceFile = NonNullable<NonNullable<SettingsFile['notifications']>['workspaces']>[string];

function* notificationConflicts({ notifications }: SettingsFile): Generator<Conflict> {
  for (const [workspace, section] of Object.entries(notifications?.workspaces ?? {})) {
    const path = ['notifications', 'workspaces', workspace];
    yield* channelConflicts(section, path);
    yield* reportConflicts(section, path);
  }
}

function* channelConflicts({ channels }: WorkspaceFile, path: KeyPath): Generator<Conflict> {
  for (const [name, channel] of Object.entries(channels)) {
    if (channel.kind !== 'webhook' || (channel.url === undefined) !== (channel.url_env === undefined)) continue;
    const at = [...path, 'channels', name];
    const found = channel.url === undefined ? 'nowhere' : 'twice';
    yield { path: at, reason: `${at.join('.')} names its address ${found}; allowed: either url or url_env.` };
  }
}

/** A report that goes nowhere, or one that is awaited and never comes. */
function* reportConflicts({ morning_report: report, channels }: WorkspaceFile, path: KeyPath): Generator<Conflict> {
  const at = [...path, 'morning_report'];
  const takers = Object.values(channels).filter(({ events }) => events?.includes('morning_report') ?? true);
  if (report !== undefined && takers.length === 0) {
    const reason = `${at.join('.')} is told to no channel; allowed: a channel whose events name morning_report.`;
    yield { path: at, reason };
  }
  const named = Object.entries(channels).find(([, { events }]) => events?.includes('morning_report'));
  if (report === undefined && named) {
    const events = [...path, 'channels', named[0], 'events'];
    const reason = `${events.join('.')} names morning_report, but ${at.join('.')} is missing; allowed: both, or neither.`;
    yield { path: events, reason };
  }
}

function* pipelineConflicts({ pipelines = {} }: SettingsFile): Generator<Conflict> {
  for (const [name, file] of Object.entries(pipelines)) {
    for (const fault of contractFaults(toPipeline(name, file))) {
      const path = ['pipelines', name, ...fault.path];
      yield { path, reason: `${path.join('.')}: ${fault.reason}` };
    }
  }
}

/** Every conflict in the file, in the order of its sections. */
export function* conflictsIn(file: SettingsFile): Generator<Conflict> {
  yield* searchAttributeConflicts(file.search_attributes);
  yield* timeoutConflicts(file);
  yield* timerConflicts(file);
  yield* reconcileConflicts(file);
  yield* notificationConflicts(file);
  yield* pipelineConflicts(file);
}
