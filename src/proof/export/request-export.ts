// Asks for an export: what is wanted is written down, then a workflow makes it. The same for pages and API.
import type { Client } from '@temporalio/client';
import type { Caller } from '../../domain/people/caller.ts';
import type { ProofExport, ProofExportKey, ProofExportRequest } from '../../domain/proof/export-request.ts';
import { accountsOf } from '../../ledger/accounts/accounts.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import {
  endProofExport,
  findProofExport,
  openProofExports,
  saveProofExport,
} from '../../ledger/proof/proof-exports.ts';
import type { PublishingContext } from '../../publishing/context.ts';
import { TemporalUnavailable } from '../../publishing/messages/request-replay.ts';
import { viewExport } from './export-view.ts';

export interface ExportCall {
  readonly caller: Caller;
  readonly request: ProofExportRequest;
  /** The same for every try of one call. */
  readonly id: string;
}

export type ExportReply =
  | { readonly kind: 'asked'; readonly export: ProofExport }
  /** The workspace has no account of that name or id. */
  | { readonly kind: 'unknown_account'; readonly index: number };

interface Deps extends Pick<PublishingContext, 'ledger' | 'settings'> {
  readonly client: Client;
}

const STARTED_WITHIN_MS = 5_000;
/** Whoever asked is given time to start it. */
const LEFT_ALONE_MS = 60_000;
const MOST_STARTED = 100;
const NOT_STARTED = 'Temporal could not be reached, so the export was not begun; ask for it again.';

/** Asks. @throws TemporalUnavailable when nothing could begin to make it */
export async function requestExport(deps: Deps, { caller, request, id }: ExportCall): Promise<ExportReply> {
  const { ledger } = deps;
  const { workspaceId, actor } = caller;
  const accounts = await accountsNamed(ledger, workspaceId, request.accounts);
  if ('index' in accounts) return accounts;
  const { from, to, platforms } = request;
  const range = { rangeFrom: new Date(from), rangeTo: new Date(to) };
  await saveProofExport(ledger, { id, workspaceId, ...range, platforms, accounts: accounts.found, actor });
  await begin(deps, { workspaceId, id });
  const row = await findProofExport(ledger, workspaceId, id);
  if (!row) throw new TypeError('an export that was just saved is not there');
  return { kind: 'asked', export: viewExport(row) };
}

/** Sees that every export that has not ended is being made; one whose workflow was terminated begins anew. */
export async function startOpenExports(deps: Deps & Pick<PublishingContext, 'log'>): Promise<void> {
  const { ledger, log } = deps;
  const before = new Date(ledger.clock.now().getTime() - LEFT_ALONE_MS);
  for (const key of await openProofExports(ledger, before, MOST_STARTED)) {
    await start(deps, key).catch((error: unknown) => {
      log.warn({ why: String(error), exportId: key.id }, 'an export could not be started; the next sweep tries again');
    });
  }
}

async function start({ client, ledger, settings }: Deps, key: ProofExportKey): Promise<void> {
  const deadline = ledger.clock.machineNow().getTime() + STARTED_WITHIN_MS;
  await client.withDeadline(deadline, () =>
    client.workflow.start('exportProof', {
      taskQueue: settings.taskQueues.publish.name,
      workflowId: `proof/${key.workspaceId}/${key.id}`,
      workflowIdConflictPolicy: 'USE_EXISTING',
      args: [key],
      staticSummary: 'Proof of what was published',
    }),
  );
}

async function begin(deps: Deps, key: ProofExportKey): Promise<void> {
  const { ledger } = deps;
  try {
    await start(deps, key);
  } catch (error) {
    await endProofExport(ledger, key, { state: 'failed', problem: NOT_STARTED });
    throw new TemporalUnavailable(NOT_STARTED, { cause: error });
  }
}

/** A name may be that of several accounts, on several platforms: all of them are meant. */
async function accountsNamed(
  ledger: Ledger,
  workspaceId: string,
  wanted: readonly string[],
): Promise<{ found: { id: string; name: string }[] } | { kind: 'unknown_account'; index: number }> {
  const all = wanted.length === 0 ? [] : await accountsOf(ledger, workspaceId);
  const matches = wanted.map((named) => all.filter(({ id, name }) => id === named || name === named));
  const index = matches.findIndex((match) => match.length === 0);
  if (index >= 0) return { kind: 'unknown_account', index };
  const found = new Map(matches.flat().map(({ id, name }) => [id, { id, name }]));
  return { found: [...found.values()] };
}
