// Sign-ins at platforms that are under way: each is known to the session that began it, for ten minutes, and taken once.
import { and, eq, lt } from 'drizzle-orm';
import { newSecret, sha256 } from '../../runtime/ids.ts';
import type { Ledger } from '../ledger.ts';
import { connectionFlows, type FLOW_STAGES } from '../schema/connections.ts';

const FLOW_MS = 10 * 60_000;

export type FlowStage = (typeof FLOW_STAGES)[number];

/** Whose flow it is: a stranger's session can neither take it nor use it up. */
export interface FlowHolder {
  readonly workspaceId: string;
  /** The id of the session, as its cookie holds it. */
  readonly sessionId: string;
  readonly platform: string;
}

/** What a flow carries from step to step. */
export interface FlowFacts {
  /** The account to reconnect; null: a new one. */
  readonly accountId: string | null;
  /** How a new account is to be called; null: as the platform calls it. */
  readonly name: string | null;
  readonly redirectUri: string;
}

export interface OpenFlow extends FlowFacts {
  /** What was sealed with it. */
  readonly secret: string;
}

const sealedFor = (hash: Uint8Array) => `flow/${Buffer.from(hash).toString('hex')}`;

/** Begins a step and answers its ticket. `secret` is sealed with it. */
export async function beginFlow(
  ledger: Ledger,
  { workspaceId, sessionId, platform }: FlowHolder,
  { stage, secret, ...facts }: OpenFlow & { readonly stage: FlowStage },
): Promise<string> {
  const ticket = newSecret('');
  const hash = sha256(ticket);
  const createdAt = ledger.clock.now();
  await ledger.db.delete(connectionFlows).where(lt(connectionFlows.expiresAt, createdAt));
  await ledger.db.insert(connectionFlows).values({
    hash,
    workspaceId,
    sessionHash: sha256(sessionId),
    platform,
    stage,
    ...facts,
    sealed: ledger.sealer.sealText(sealedFor(hash), secret),
    createdAt,
    expiresAt: new Date(createdAt.getTime() + FLOW_MS),
  });
  return ticket;
}

/**
 * Takes a step: it is used up by that, whatever comes of it. Null: unknown, over, taken before, or another session's. Of two
 * at once, one gets it. @throws SecretUnreadable
 */
export async function takeFlow(
  ledger: Ledger,
  holder: FlowHolder,
  { ticket, stage }: { readonly ticket: string; readonly stage: FlowStage },
): Promise<OpenFlow | null> {
  const hash = sha256(ticket);
  const [flow] = await ledger.db
    .delete(connectionFlows)
    .where(isFlow(holder, hash, stage))
    .returning();
  return flow && flow.expiresAt > ledger.clock.now() ? opened(ledger, flow) : null;
}

/** Looks at a step without taking it. @throws SecretUnreadable */
export async function peekFlow(
  ledger: Ledger,
  holder: FlowHolder,
  { ticket, stage }: { readonly ticket: string; readonly stage: FlowStage },
): Promise<OpenFlow | null> {
  const [flow] = await ledger.db
    .select()
    .from(connectionFlows)
    .where(isFlow(holder, sha256(ticket), stage));
  return flow && flow.expiresAt > ledger.clock.now() ? opened(ledger, flow) : null;
}

function isFlow({ workspaceId, sessionId, platform }: FlowHolder, hash: Uint8Array, stage: FlowStage) {
  return and(
    eq(connectionFlows.hash, hash),
    eq(connectionFlows.workspaceId, workspaceId),
    eq(connectionFlows.sessionHash, sha256(sessionId)),
    eq(connectionFlows.platform, platform),
    eq(connectionFlows.stage, stage),
  );
}

function opened(ledger: Ledger, flow: typeof connectionFlows.$inferSelect): OpenFlow {
  const { accountId, name, redirectUri, hash, sealed } = flow;
  return { accountId, name, redirectUri, secret: ledger.sealer.openText(sealedFor(hash), sealed) };
}

/** Drops what is over: it is of no use to anybody. */
export async function forgetOldFlows(ledger: Ledger): Promise<void> {
  await ledger.db.delete(connectionFlows).where(lt(connectionFlows.expiresAt, ledger.clock.machineNow()));
}
