// What an operator looks for among items, as conditions on the ledger's rows; always within one workspace.
import { and, eq, gte, inArray, lt, type SQL, sql } from 'drizzle-orm';
import type { CauseCode } from '../../domain/causes/causes.ts';
import type { ScheduleState } from '../../domain/schedules/states.ts';
import { GROUP_NAMES, GROUPS, type Group, type ItemOrder } from '../../domain/schedules/surface.ts';
import { connectedAccounts } from '../schema/accounts.ts';
import { IS_FAILURE, inGroup } from '../schema/columns.ts';
import { memberships } from '../schema/people.ts';
import { schedules } from '../schema/schedules.ts';

export interface ItemFilter {
  readonly platform?: string | undefined;
  /** Its id or its name. */
  readonly account?: string | undefined;
  /** By the workspace's own name for it. */
  readonly deliverySet?: string | undefined;
  readonly cause?: CauseCode | undefined;
  /** Only the members of one incident. */
  readonly incident?: { readonly accountId: string; readonly cause: CauseCode } | undefined;
  /** The id of the owner as the item shows it; empty for what nobody owns. */
  readonly ownerId?: string | undefined;
  /** Failed at that instant or later. */
  readonly failedFrom?: Date | undefined;
  readonly dueFrom?: Date | undefined;
  readonly dueBefore?: Date | undefined;
  /** Anywhere in the post's text or in the schedule's id, whatever the case. */
  readonly text?: string | undefined;
}

/** Which schedules a list is about: by state, or by surface where no states are named. */
export interface ItemScope {
  readonly workspaceId: string;
  readonly states: readonly ScheduleState[] | null;
  /** `recovery`: what has not ended and does not simply wait for its time; `all`: everything. */
  readonly surface: 'recovery' | 'all';
  /** Only this group of the recovery surface. */
  readonly group?: Group | undefined;
  readonly filter?: ItemFilter | undefined;
}

/**
 * The rows a list is about, in parts that have no row in common: those of the recovery surface by group, since each group has
 * its indexes. `now`: until when what is queued simply waits for its time.
 */
export function scopeConditions({ workspaceId, states, surface, group, filter = {} }: ItemScope, now: Date): SQL[] {
  const common = [
    eq(schedules.workspaceId, workspaceId),
    states === null ? undefined : inArray(schedules.state, [...states]),
    ...filterConditions(workspaceId, filter),
  ];
  const groups = group === undefined ? GROUP_NAMES : [group];
  const parts = surface === 'all' ? [undefined] : groups.map((name) => onSurface(name, now));
  return parts.flatMap((part) => and(part, ...common) ?? []);
}

function onSurface(group: Group, now: Date): SQL {
  const states: readonly ScheduleState[] = GROUPS[group].states;
  const rows = sql`${schedules}.${inGroup(group)}`;
  if (!states.includes('queued')) return rows;
  return sql`${rows} and not (${schedules.state} = 'queued' and ${schedules.publishAt} > ${now.toISOString()}::timestamptz)`;
}

function filterConditions(workspaceId: string, filter: ItemFilter): (SQL | undefined)[] {
  const { platform, account, deliverySet, cause, incident, ownerId, failedFrom, dueFrom, dueBefore, text } = filter;
  return [
    platform === undefined ? undefined : eq(schedules.platform, platform),
    account === undefined ? undefined : isAccount(workspaceId, account),
    deliverySet === undefined ? undefined : eq(schedules.deliverySetId, deliverySet),
    cause === undefined ? undefined : eq(schedules.causeCode, cause),
    incident && isOf(incident),
    ownerId === undefined ? undefined : sql`${ownerIdIn(workspaceId)} = ${ownerId}`,
    failedFrom && gte(schedules.failedAt, failedFrom),
    dueFrom && gte(schedules.publishAt, dueFrom),
    dueBefore && lt(schedules.publishAt, dueBefore),
    text === undefined ? undefined : contains(text),
  ];
}

/** The members of one incident; the account by its id, a UUID. */
export function isOf({ accountId, cause }: NonNullable<ItemFilter['incident']>): SQL | undefined {
  return and(sql`${schedules}.${IS_FAILURE}`, eq(schedules.accountId, accountId), eq(schedules.causeCode, cause));
}

function isAccount(workspaceId: string, account: string): SQL {
  const { id, name, workspaceId: owner } = connectedAccounts;
  return sql`${schedules.accountId} in (select ${id} from ${connectedAccounts}
    where ${owner} = ${workspaceId} and (${id}::text = ${account} or ${name} = ${account}))`;
}

function contains(text: string): SQL {
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  return sql`(${schedules.content} ->> 'text' ilike ${pattern} or ${schedules.id} ilike ${pattern})`;
}

/** The rule of src/domain/people/owner.ts over rows, so that a list can be filtered by it; test/recovery holds them together. */
const ownerIdIn = (workspaceId: string) => sql`coalesce(
  ${schedules.namedOwnerId},
  case when ${schedules.lastUserId} in (select ${memberships.userId}::text from ${memberships}
    where ${memberships.workspaceId} = ${workspaceId}) then ${schedules.lastUserId} end,
  ${schedules.creatorId},
  '')`;

/** Where a page begins: right after this row of its order. */
export interface ItemPosition {
  /** The instant it is ordered by. */
  readonly at: Date;
  readonly id: string;
}

const FAILED_OR_DUE = sql`coalesce(${schedules.failedAt}, ${schedules.publishAt})`;

/** The instant by which each order sorts, and its direction; within one instant the id decides, in the same direction. */
export function orderBy(order: ItemOrder): { readonly at: SQL; readonly direction: SQL; readonly after: SQL } {
  const at = order === 'newest_failure' ? FAILED_OR_DUE : sql`${schedules.publishAt}`;
  return order === 'oldest_due'
    ? { at, direction: sql`asc`, after: sql`>` }
    : { at, direction: sql`desc`, after: sql`<` };
}
