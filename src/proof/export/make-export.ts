// Makes the bundle of one export from one snapshot of the ledger, page by page, so that its memory does not grow with the range.
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { assembleRecord } from '../../domain/proof/assemble-record.ts';
import type { ProofExportKey } from '../../domain/proof/export-request.ts';
import type { ProofRecord } from '../../domain/proof/record.ts';
import {
  endProofExport,
  findProofExport,
  type ProofExportRow,
  tellProofProgress,
} from '../../ledger/proof/proof-exports.ts';
import { type ProofFacts, type ProofSnapshot, withProofSnapshot } from '../../ledger/proof/proof-facts.ts';
import { workspaceNameOf } from '../../ledger/workspaces/workspaces.ts';
import type { PublishingContext } from '../../publishing/context.ts';
import { assembleItem } from '../../recovery/item.ts';
import { newId } from '../../runtime/ids.ts';
import { type BundleAbout, writeContainer, writeManifest, writeRecords } from '../bundle/write-bundle.ts';
import { openKeys } from '../keys.ts';
import { bundlePath, exportsFolder, removeLeftovers, workFolder } from './bundle-file.ts';

/** Few enough that a page is let go of while it is young: what grows old is collected late, and memory with it. */
const PAGE = 150;
/** How far it has come is written down this seldom. */
const TOLD_EVERY_MS = 1_000;

export interface ExportControl {
  /** Hears after each page how many records there are. */
  told(records: number): void;
  /** Fires when the attempt should end. */
  readonly withdrawn: AbortSignal;
}

/** It was withdrawn, or ended by others, before it was done: nothing of it is left, and where it still stands it begins anew. */
export class ExportStopped extends Error {
  override readonly name = 'ExportStopped';
  constructor() {
    super('The export was stopped before it was done; another attempt begins it anew.');
  }
}

function assertWanted({ withdrawn }: ExportControl): void {
  if (withdrawn.aborted) throw new ExportStopped();
}

type Context = Pick<PublishingContext, 'ledger' | 'dataFolder'>;

/** Makes it, unless it has ended. What an attempt before left half done is taken away. */
export async function makeExport(context: Context, key: ProofExportKey, control: ExportControl): Promise<void> {
  const { ledger, dataFolder } = context;
  const row = await findProofExport(ledger, key.workspaceId, key.id);
  if (!row || row.state === 'done' || row.state === 'failed') return;
  await removeLeftovers(dataFolder, row.id);
  await mkdir(exportsFolder(dataFolder), { recursive: true, mode: 0o700 });
  const folder = workFolder(dataFolder, row.id, newId());
  try {
    await make(context, row, folder, control);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function make(context: Context, row: ProofExportRow, folder: string, control: ExportControl): Promise<void> {
  const { ledger, dataFolder } = context;
  const { id, workspaceId, rangeFrom, rangeTo, platforms, accounts } = row;
  const name = await workspaceNameOf(ledger, workspaceId);
  const range = { from: rangeFrom.toISOString(), to: rangeTo.toISOString(), platforms };
  const about = {
    exportId: id,
    workspace: { id: workspaceId, name },
    range: { ...range, accounts: accounts.map((account) => account.name) },
  };
  const accountIds = accounts.map((account) => account.id);
  const listed = await withProofSnapshot(
    ledger,
    { workspaceId, from: rangeFrom, to: rangeTo, platforms, accountIds },
    (snapshot) => writeSnapshot(context, { about, folder, control, snapshot }),
  );
  const keys = await openKeys(ledger, workspaceId);
  await writeManifest(folder, about, listed, { ...keys, generatedAt: ledger.clock.now() });
  assertWanted(control);
  const zip = join(folder, 'bundle.zip');
  const { sizeBytes, sha256 } = await writeContainer(folder, zip);
  const path = bundlePath(dataFolder, { id, sha256 });
  await rename(zip, path);
  const { records } = listed;
  const isOurs = await endProofExport(ledger, { workspaceId, id }, { state: 'done', records, sizeBytes, sha256 });
  if (!isOurs) await rm(path, { force: true });
}

interface Writing {
  readonly about: BundleAbout;
  readonly folder: string;
  readonly control: ExportControl;
  readonly snapshot: ProofSnapshot;
}

async function writeSnapshot({ ledger }: Context, { about, folder, control, snapshot }: Writing) {
  const recordsInAll = await snapshot.count();
  const key = { workspaceId: about.workspace.id, id: about.exportId };
  let toldMs = Number.NEGATIVE_INFINITY;
  return writeRecords(folder, about, recordsOf(snapshot.pages(PAGE)), async (records) => {
    assertWanted(control);
    control.told(records);
    const nowMs = performance.now();
    if (nowMs - toldMs < TOLD_EVERY_MS) return;
    toldMs = nowMs;
    if (!(await tellProofProgress(ledger, key, { records, recordsInAll }))) throw new ExportStopped();
  });
}

async function* recordsOf(pages: AsyncIterable<readonly ProofFacts[]>): AsyncIterable<readonly ProofRecord[]> {
  for await (const page of pages) yield page.map(recordOf);
}

function recordOf({ item, approvals }: ProofFacts): ProofRecord {
  const { schedule, post } = item;
  return assembleRecord(assembleItem(item), {
    ...approvals,
    post,
    handoffCompletedAt: schedule.handoff?.completion?.completedAt ?? null,
    deliverySet: schedule.delivery.deliverySet ?? null,
  });
}
