// What news are found in: rows of the audit trail with what the ledger says of them now, and what failures are grouped by.
import type { CauseCode } from '../causes/causes.ts';
import type { RunSummary } from '../pipeline/run-view.ts';
import type { Item } from '../schedules/item.ts';

/** One row of the audit trail, with what the ledger says now of what it is about. */
export interface Happening {
  readonly position: number;
  readonly type: string;
  readonly actor: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** The schedule it is about; null when it is about none. */
  readonly scheduleId: string | null;
  /** The item of that schedule as it stands now, where the event may be news (`mayBeNews`). */
  readonly item: Item | null;
  /** The run whose published post was looked at again, as it stands now; null where the event tells of no such look. */
  readonly found: RunSummary | null;
  /** The publish needed a person, or its outcome was unknown, at some time before. */
  readonly brokeBefore: boolean;
}

/** Failures of one account for one cause. */
export interface IncidentKey {
  readonly accountId: string;
  readonly cause: CauseCode;
}

/** An incident that began, with the instant of its first failure, in ISO 8601, where that is known. */
export interface BegunIncident extends IncidentKey {
  readonly begunAt: string | null;
}

export const incidentId = ({ accountId, cause }: IncidentKey) => `${accountId}/${cause}`;
