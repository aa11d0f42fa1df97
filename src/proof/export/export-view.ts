// What pages and API tell of an export.
import type { ProofExport } from '../../domain/proof/export-request.ts';
import type { ProofExportRow } from '../../ledger/proof/proof-exports.ts';

/** The export as it is shown. */
export function viewExport(row: ProofExportRow): ProofExport {
  const { id, state, platforms, records, recordsInAll, sizeBytes, sha256, problem } = row;
  return {
    id,
    state,
    from: row.rangeFrom.toISOString(),
    to: row.rangeTo.toISOString(),
    platforms,
    accounts: row.accounts.map(({ name }) => name),
    requestedBy: row.requestedBy.label,
    requestedAt: row.requestedAt.toISOString(),
    records,
    recordsInAll,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    sizeBytes,
    sha256,
    problem,
    href: state === 'done' ? `/api/proof/exports/${id}/file` : null,
  };
}

/** What the ZIP is called where it is saved. */
export function bundleName({ id, from, to }: Pick<ProofExport, 'id' | 'from' | 'to'>): string {
  return `proof-${from.slice(0, 10)}-${to.slice(0, 10)}-${id.slice(0, 8)}.zip`;
}
