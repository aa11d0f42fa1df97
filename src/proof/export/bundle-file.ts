// Where the bundles lie: one folder, which every machine that makes or serves them must share.
import { constants } from 'node:fs';
import { access, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProofExportRow } from '../../ledger/proof/proof-exports.ts';

const FOLDER = 'exports';
const PARTIAL = '.partial';

/** The folder of the bundles. */
export function exportsFolder(dataFolder: string): string {
  return join(dataFolder, FOLDER);
}

/** The bundle of an export. Two workers that both make it leave two files; the row says which one counts. */
export function bundlePath(
  dataFolder: string,
  { id, sha256 }: { readonly id: string; readonly sha256: string },
): string {
  return join(exportsFolder(dataFolder), `${id}-${sha256.slice(0, 16)}.zip`);
}

/** Where one attempt at an export works. */
export function workFolder(dataFolder: string, id: string, attempt: string): string {
  return join(exportsFolder(dataFolder), `${id}-${attempt}${PARTIAL}`);
}

/** Takes away what attempts that died left behind. */
export async function removeLeftovers(dataFolder: string, id: string): Promise<void> {
  const folder = exportsFolder(dataFolder);
  const names = await readdir(folder).catch(() => []);
  const left = names.filter((name) => name.startsWith(`${id}-`) && name.endsWith(PARTIAL));
  await Promise.all(left.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

/** The bundle of an export that is done, if it lies on this machine; else null. */
export async function findBundle(
  dataFolder: string,
  row: Pick<ProofExportRow, 'id' | 'state' | 'sha256'>,
): Promise<string | null> {
  if (row.state !== 'done' || row.sha256 === null) return null;
  const path = bundlePath(dataFolder, { id: row.id, sha256: row.sha256 });
  try {
    await access(path, constants.R_OK);
    return path;
  } catch {
    return null;
  }
}
