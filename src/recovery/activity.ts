// The audit trail as it is read, with what is known of its chain.
import { setTimeout as delay } from 'node:timers/promises';
import type { ActivityPage, AuditView, ChainState } from '../domain/audit/activity.ts';
import { actorSchema } from '../domain/people/actor.ts';
import { type ActivityWanted, readActivity } from '../ledger/audit/activity.ts';
import { firstAuditBreak } from '../ledger/audit/audit.ts';
import type { Ledger } from '../ledger/ledger.ts';

type AuditRow = Awaited<ReturnType<typeof readActivity>>[number];

/** One page of the trail. */
export async function listActivity(ledger: Ledger, wanted: ActivityWanted): Promise<ActivityPage> {
  const { workspaceId, limit } = wanted;
  const [rows, chain] = await Promise.all([
    readActivity(ledger, { ...wanted, limit: limit + 1 }),
    chainState(ledger, workspaceId),
  ]);
  const shown = rows.slice(0, limit);
  return {
    events: shown.map(viewEvent),
    chain,
    nextBefore: rows.length > limit ? (shown.at(-1)?.position ?? null) : null,
  };
}

/** One row of the trail. */
function viewEvent({ position, type, at, actor, scheduleId, traceId, payload }: AuditRow): AuditView {
  return {
    position,
    type,
    at: at.toISOString(),
    actor: actorSchema.parse(actor),
    scheduleId,
    traceId,
    payload: typeof payload === 'object' && payload !== null ? { ...payload } : {},
  };
}

const LOOKED_EVERY_MS = 60_000;
/** To read a long chain takes longer than a page may. */
const WAITS_MS = 1_000;
const UNKNOWN: ChainState = { state: 'unknown', lookedAt: null, brokenAt: null };

interface Look {
  readonly begunMs: number;
  readonly answer: Promise<ChainState>;
  /** What is told until this look has ended. */
  readonly before: ChainState;
}

/** The newest look at each workspace's chain. */
const looks = new WeakMap<Ledger, Map<string, Look>>();

/** Looked at anew once a minute at most, however many ask. */
async function chainState(ledger: Ledger, workspaceId: string): Promise<ChainState> {
  const known = looks.get(ledger) ?? new Map<string, Look>();
  looks.set(ledger, known);
  const last = known.get(workspaceId);
  const nowMs = ledger.clock.machineNow().getTime();
  if (last && nowMs - last.begunMs < LOOKED_EVERY_MS) return soon(last);
  const before = last ? await soon(last) : UNKNOWN;
  const look = { begunMs: nowMs, before, answer: lookAtChain(ledger, workspaceId).catch(() => before) };
  known.set(workspaceId, look);
  return soon(look);
}

async function lookAtChain(ledger: Ledger, workspaceId: string): Promise<ChainState> {
  const lookedAt = ledger.clock.now().toISOString();
  const brokenAt = await firstAuditBreak(ledger.db, workspaceId);
  return { state: brokenAt === null ? 'whole' : 'broken', lookedAt, brokenAt };
}

function soon({ answer, before }: Look): Promise<ChainState> {
  return Promise.race([answer, delay(WAITS_MS, before, { ref: false })]);
}
