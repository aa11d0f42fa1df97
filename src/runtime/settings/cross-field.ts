// What must hold between settings that are each right by themselves. All such rules stand here.

import { placeholdersOf } from '../../domain/mcp/template.ts';
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

function* pipelineConflicts({ pipelines = {}, mcp_servers = {} }: SettingsFile): Generator<Conflict> {
  for (const [name, file] of Object.entries(pipelines)) {
    for (const [index, stage] of file.stages.entries()) {
      if (stage.runner !== 'mcp' || Object.hasOwn(mcp_servers, stage.server)) continue;
      const path = ['pipelines', name, 'stages', index, 'server'];
      const known = Object.keys(mcp_servers).join(', ') || 'none, since mcp_servers names none';
      yield { path, reason: `${path.join('.')} is no MCP server of this file; allowed: ${known}.` };
    }
    for (const fault of contractFaults(toPipeline(name, file))) {
      const path = ['pipelines', name, ...fault.path];
      yield { path, reason: `${path.join('.')}: ${fault.reason}` };
    }
  }
}

type McpServerFile = NonNullable<SettingsFile['mcp_servers']>[string];

function* mcpConflicts({ mcp_servers, timeouts }: SettingsFile): Generator<Conflict> {
  for (const [name, server] of Object.entries(mcp_servers ?? {})) {
    const path = ['mcp_servers', name];
    yield* reachConflicts(server, path);
    yield* publishingConflicts(server, path);
    const own = [...path, 'timeout'];
    const answer: Bound = { path: ['timeouts', 'answer'], valueMs: timeouts.answer };
    if (server.timeout === undefined || server.timeout <= answer.valueMs) continue;
    const most = formatDurationMs(answer.valueMs);
    const reason = `${own.join('.')} is ${formatDurationMs(server.timeout)}, but timeouts.answer is ${most}; allowed: ${most} or less, because an attempt keeps no more time for an answer.`;
    yield { path: own, reason };
  }
}

function* reachConflicts({ url, command, env }: McpServerFile, path: KeyPath): Generator<Conflict> {
  if ((url === undefined) === (command === undefined)) {
    const found = url === undefined ? 'in no way' : 'in two ways';
    yield { path, reason: `${path.join('.')} is reached ${found}; allowed: either url or command.` };
  }
  if (url !== undefined && env !== undefined) {
    const at = [...path, 'env'];
    yield { path: at, reason: `${at.join('.')} is handed to nobody; allowed: only beside command.` };
  }
}

function* publishingConflicts(server: McpServerFile, path: KeyPath): Generator<Conflict> {
  const { create, lookup, answers } = server;
  if (create !== undefined) {
    yield* createConflicts(create, path);
    yield* lookupConflicts(lookup, placeholdersOf(create.arguments), path);
    yield* answersConflicts(answers, path);
    return;
  }
  for (const alone of ['lookup', 'answers'] as const) {
    const at = [...path, alone];
    if (server[alone] !== undefined)
      yield { path: at, reason: `${at.join('.')} stands alone; allowed: only beside create.` };
  }
}

function* createConflicts(create: NonNullable<McpServerFile['create']>, path: KeyPath): Generator<Conflict> {
  const said = placeholdersOf(create.arguments);
  const at = [...path, 'create', 'arguments'];
  const missing = ['title', 'slug'].find((name) => !said.includes(name));
  if (missing !== undefined) {
    yield { path: at, reason: `${at.join('.')} has no "{${missing}}"; allowed: arguments that have it.` };
  }
  if (!said.includes('html') && !said.includes('markdown')) {
    yield { path: at, reason: `${at.join('.')} has no text; allowed: arguments with "{html}" or "{markdown}".` };
  }
}

function* answersConflicts(answers: McpServerFile['answers'], path: KeyPath): Generator<Conflict> {
  if (answers === undefined) {
    const reason = `${path.join('.')} creates pages, but has no answers that say how to read one; allowed: both.`;
    yield { path, reason };
  }
  for (const [index, shape] of (answers ?? []).entries()) {
    if (shape.id !== undefined || shape.url !== undefined) continue;
    const at = [...path, 'answers', index];
    yield { path: [...at, 'slug'], reason: `${at.join('.')} names no page; allowed: a shape with id or url.` };
  }
}

/** A page that nobody can know again must not be made: what the lookup asks by, the create must have said. */
function* lookupConflicts(
  lookup: McpServerFile['lookup'],
  said: readonly string[],
  path: KeyPath,
): Generator<Conflict> {
  if (lookup === undefined) return;
  const asked = placeholdersOf(lookup.arguments);
  const at = [...path, 'lookup', 'arguments'];
  const other = asked.find((name) => !['slug', 'zone', 'idempotency_key'].includes(name));
  if (other !== undefined || !asked.some((name) => name !== 'zone')) {
    const found = other === undefined ? 'asks for no page' : `asks by "{${other}}"`;
    yield { path: at, reason: `${at.join('.')} ${found}; allowed: "{slug}" or "{idempotency_key}", and "{zone}".` };
  }
  if (asked.includes('idempotency_key') && !said.includes('idempotency_key')) {
    yield {
      path: at,
      reason: `${at.join('.')} asks by "{idempotency_key}", which create does not say; allowed: in both.`,
    };
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
  yield* mcpConflicts(file);
}
