// The activities of an export: one makes the bundle, one says that it could not be made.
import { ApplicationFailure, Context } from '@temporalio/activity';
import type { ProofExportKey } from '../src/domain/proof/export-request.ts';
import { endProofExport } from '../src/ledger/proof/proof-exports.ts';
import { ExportStopped, makeExport } from '../src/proof/export/make-export.ts';
import type { PublishingContext } from '../src/publishing/context.ts';

/** Putting many records into one file takes longer than a heartbeat may be away. */
const HEARTBEAT_MS = 5_000;

/** Makes the activity; its heartbeats say how far it has come. */
export function exportProofActivity(context: PublishingContext) {
  return async function exportProof(key: ProofExportKey): Promise<void> {
    const { cancellationSignal: withdrawn, heartbeat } = Context.current();
    let reached = 0;
    const told = (records: number) => {
      reached = records;
    };
    const beats = setInterval(() => heartbeat(reached), HEARTBEAT_MS);
    try {
      await makeExport(context, key, { told, withdrawn });
    } catch (error) {
      // A worker that is shut down must not look as if somebody had canceled the export.
      throw error instanceof ExportStopped
        ? ApplicationFailure.create({ message: error.message, type: error.name, category: 'BENIGN' })
        : error;
    } finally {
      clearInterval(beats);
    }
  };
}

/** Makes the activity that ends an export without a bundle. */
export function giveUpProofActivity({ ledger }: PublishingContext) {
  return async function giveUpProof(key: ProofExportKey, why: string): Promise<void> {
    await endProofExport(ledger, key, { state: 'failed', problem: why });
  };
}
