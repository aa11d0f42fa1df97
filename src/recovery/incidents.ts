// Assembles incidents from the ledger's counts: what broke, how many it holds up, and the one repair. Pure but for its reads.
import { CAUSES, type CauseCode } from '../domain/causes/causes.ts';
import { INCIDENT_FROM, type Incident, incidentSentence, isReplayable } from '../domain/incidents/incident.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type IncidentFacts, readIncidents } from '../ledger/schedules/incidents.ts';

/** The incidents of a workspace, the largest first. */
export async function listIncidents(ledger: Ledger, workspaceId: string, limit: number): Promise<Incident[]> {
  const facts = await readIncidents(ledger, { workspaceId, atLeast: INCIDENT_FROM, limit });
  return facts.map(assembleIncident);
}

/** One of them, also when a single failure is left of it; null when there is none. */
export async function findIncident(
  ledger: Ledger,
  workspaceId: string,
  only: { readonly accountId: string; readonly cause: CauseCode },
): Promise<Incident | null> {
  const [facts] = await readIncidents(ledger, { workspaceId, atLeast: 1, limit: 1, only });
  return facts === undefined ? null : assembleIncident(facts);
}

function assembleIncident(facts: IncidentFacts): Incident {
  const { members, repaired } = facts;
  const { means, action: repair } = CAUSES[facts.cause];
  const counts = { repair, members, repaired };
  return {
    account: { id: facts.accountId, name: facts.accountName },
    platform: facts.platform,
    cause: { code: facts.cause, means },
    ...counts,
    replayable: isReplayable(counts),
    firstFailedAt: facts.firstFailedAt.toISOString(),
    lastFailedAt: facts.lastFailedAt.toISOString(),
    oldestDueAt: facts.oldestDueAt.toISOString(),
    says: incidentSentence(counts),
  };
}
