// How fast a bundle is made, from the request until it is ready, and how much a worker's memory grows over that of a small one.
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { SYSTEM_ACTOR } from '../src/domain/people/actor.ts';
import { findProofExport } from '../src/ledger/proof/proof-exports.ts';
import { requestExport } from '../src/proof/export/request-export.ts';
import { placeMany } from '../test/proof/place-many.ts';
import { type BenchStage, connectAccounts, onStage, rounded } from './stage.ts';

/** A statement has fifteen seconds, so they are put into the ledger in portions. */
const RECORDS = 500_000;
const PORTION = 50_000;
const WARM_UP = 20_000;
const SAMPLE_MS = 50;
const START = new Date('2026-01-01T00:00:00.000Z');

export function proof(): Promise<Record<string, number>> {
  return onStage({}, async (stage) => {
    const [account] = await connectAccounts(stage, 1);
    for (let placed = 0; placed < RECORDS; placed += PORTION) {
      await placeMany(stage, account?.id ?? '', PORTION, START, placed);
    }
    const { child } = await stage.startShippedWorker({ ONCEPOST_DATA: stage.folder });
    const warm = await measure(stage, child.pid ?? 0, WARM_UP);
    const whole = await measure(stage, child.pid ?? 0, RECORDS);
    return {
      recordsPerSecond: rounded(RECORDS / whole.seconds, 0),
      recordsPerCpuSecond: rounded(RECORDS / whole.cpuSeconds, 0),
      growthMb: rounded(whole.peakMb - warm.peakMb, 0),
      bundleMb: rounded(whole.bundleMb, 0),
      peakMb: rounded(whole.peakMb, 0),
    };
  });
}

async function measure(stage: BenchStage, pid: number, records: number) {
  const { ledger } = stage.context;
  const { workspaceId } = stage;
  const id = crypto.randomUUID();
  const caller = { kind: 'key', scopes: [], workspaceId, workspaceName: 'bench', actor: SYSTEM_ACTOR } as const;
  const to = new Date(START.getTime() + records * 1_000 + 1).toISOString();
  const request = { from: START.toISOString(), to, platforms: [], accounts: [] };
  const startedMs = performance.now();
  const cpuBefore = cpuSeconds(pid);
  await requestExport({ ...stage.context, client: stage.temporal }, { caller, request, id });
  let peakMb = 0;
  for (;;) {
    peakMb = Math.max(peakMb, residentMb(pid));
    const row = await findProofExport(ledger, workspaceId, id);
    if (row?.state === 'failed' || (row?.state === 'done' && row.records !== records)) {
      throw new TypeError(`the export failed: ${row.problem ?? row.records}`);
    }
    if (row?.state === 'done') {
      const seconds = (performance.now() - startedMs) / 1000;
      const bundleMb = (row.sizeBytes ?? 0) / 1024 ** 2;
      return { peakMb, seconds, bundleMb, cpuSeconds: cpuSeconds(pid) - cpuBefore };
    }
    await pause(SAMPLE_MS);
  }
}

/** User and system time of a process; the kernel counts in hundredths of a second. */
function cpuSeconds(pid: number): number {
  const [, after = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const fields = after.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}
