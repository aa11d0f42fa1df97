// Whether something is known to stop a publish at its time, as a condition on its row: the rules of
// src/publishing/tonight/known-now.ts and what the last look found beside them. test/publishing/tonight-pages.test.ts holds them together.
import { type SQL, sql } from 'drizzle-orm';
import { type Finding, KNOWN_NOW } from '../../domain/tonight/finding.ts';
import { IS_HELD } from '../holds/held.ts';
import type { AccountRow, ScheduleRow } from '../schedules/facts.ts';
import { approvals } from '../schema/schedules.ts';

/** The scopes that posts of a platform need, without media and with. */
export interface ScopesNeeded {
  readonly platform: string;
  readonly text: readonly string[];
  readonly media: readonly string[];
}

/** What a look found, beside the facts as they are now. */
export interface Looked {
  readonly checkedAt: Date;
  readonly findings: readonly Finding[];
}

/** What of the last look still counts: a grant that was renewed or connected since is another one. */
export function stillFound(
  { checkedAt, findings }: Looked,
  { publishAt }: Pick<ScheduleRow, 'publishAt'>,
  account: Pick<AccountRow, 'grantSavedAt' | 'grantExpiresAt'> | null,
): Finding[] {
  const grant = account !== null && account.grantSavedAt <= checkedAt ? account.grantExpiresAt : null;
  const ends = grant !== null && grant <= publishAt;
  return findings.filter(({ kind }) => !isKnownNow(kind) && (kind !== 'grant_ends' || ends));
}

const known: ReadonlySet<string> = new Set(KNOWN_NOW);
const isKnownNow = (kind: string) => known.has(kind);

const HAS_MEDIA = sql`jsonb_array_length(schedules.content -> 'media') > 0`;
const UNUSABLE = sql`(account.id is null or account.deleted_at is not null or account.platform <> schedules.platform
  or account.workspace_id <> schedules.workspace_id)`;
const BY_HAND = sql`(schedules.delivery ->> 'mode' = 'handoff' or schedules.handoff is not null)`;
const UNAPPROVED = sql`((schedules.delivery ->> 'approvalRequired')::boolean and not coalesce((
  select verdict = 'approved' from ${approvals} where approvals.workspace_id = schedules.workspace_id
    and approvals.schedule_id = schedules.id and approvals.fingerprint = schedules.fingerprint
  order by decided_at desc, id desc limit 1), false))`;
const WITHOUT_MEDIA_UPLOAD = sql`(schedules.platform = 'x' and account.media_capability_missing and ${HAS_MEDIA})`;
const THROTTLED = sql`((account.rate_limits ->> 'create')::timestamptz > schedules.publish_at
  or (account.rate_limits ->> 'upload')::timestamptz > schedules.publish_at and ${HAS_MEDIA})`;
const FOUND = sql`(checked.fingerprint = schedules.fingerprint and exists (
  select from jsonb_array_elements(checked.findings) as found
  where found ->> 'kind' not in (${names(KNOWN_NOW)}) and (found ->> 'kind' <> 'grant_ends'
    or (account.grant_saved_at <= checked.checked_at and account.grant_expires_at <= schedules.publish_at))))`;

/** Over `schedules`, its `account` and what was `checked`, either of which may be missing. */
export function isStopped(needed: readonly ScopesNeeded[]): SQL {
  return sql`coalesce(${UNUSABLE} or ${FOUND} or (not ${BY_HAND} and (account.status <> 'connected' or ${IS_HELD}
    or ${UNAPPROVED} or ${WITHOUT_MEDIA_UPLOAD} or ${THROTTLED} or ${lacksScopes(needed)})), false)`;
}

/** Nothing is known of a grant whose scopes nobody told. */
function lacksScopes(needed: readonly ScopesNeeded[]): SQL {
  const each = needed.map(
    ({ platform, text, media }) => sql`(schedules.platform = ${platform}
      and not account.scopes @> case when ${HAS_MEDIA} then ${list(media)} else ${list(text)} end)`,
  );
  return sql`(cardinality(account.scopes) > 0 and (${sql.join([...each, sql`false`], sql` or `)}))`;
}

function names(values: readonly string[]): SQL {
  return sql.join(
    values.map((value) => sql`${value}`),
    sql`, `,
  );
}

const list = (values: readonly string[]): SQL => sql`array[${names(values)}]::text[]`;
