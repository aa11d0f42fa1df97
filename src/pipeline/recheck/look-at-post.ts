// One look at a published post, as a visitor gets it: it reads and writes down, and never publishes, creates or overwrites anything.
import { judgeVisit } from '../../domain/pipeline/page/judge-visit.ts';
import { type CheckRow, pageDigest } from '../../domain/pipeline/page/live-checks.ts';
import type { Look, LookFound, RecheckKey, RecheckStep } from '../../domain/pipeline/recheck.ts';
import { toPlainText } from '../../domain/text/plain-text.ts';
import { isDatabaseDown } from '../../ledger/database/database.ts';
import { findRecheck, type RecheckRow, saveLook } from '../../ledger/runs/rechecks.ts';
import { sha256Hex } from '../../runtime/ids.ts';
import { checkPage, livePostOf } from '../builtin/live-post.ts';
import { BadInput } from '../builtin/read-input.ts';
import type { PipelineContext } from '../context.ts';
import { type FetchDeps, fetchPage } from '../page/fetch-page.ts';
import { publishedWork } from './published-work.ts';

/** What is asked for later than this in one look gets no answer: a page may name images without end. */
const LOOK_MS = 120_000;
const SEEN_CHARS = 2_000;

/** Looks, where it is time to. What another worker saved meanwhile stands. @throws an outage of the ledger: come again */
export async function lookAtPost(
  context: PipelineContext,
  key: RecheckKey,
  { withdrawn }: { readonly withdrawn: AbortSignal },
): Promise<RecheckStep> {
  const { ledger, points } = context;
  const before = await findRecheck(ledger, key);
  if (before?.verdict !== null || waitMs(context, before) > 0) return stepOf(context, before);
  const { look, checks } = await oneLook(context, before);
  // What was taken away is not saved: whoever has it now does.
  withdrawn.throwIfAborted();
  await points.reach('recheck_looked', before.runId);
  const saved = await saveLook(ledger, key, { after: before.looks.length, look, checks });
  await points.reach('recheck_saved', before.runId);
  return stepOf(context, saved);
}

function stepOf(context: PipelineContext, row: RecheckRow | null): RecheckStep {
  if (row === null || row.verdict !== null) return { verdict: row?.verdict ?? null, againInMs: null };
  return { verdict: null, againInMs: waitMs(context, row) };
}

/** Looks stand some time apart, as those of a reconcile: what passes in a moment is met by one of them only. */
function waitMs({ ledger, settings }: PipelineContext, { looks }: Pick<RecheckRow, 'looks'>): number {
  const last = looks.at(-1);
  if (!last) return 0;
  return Math.max(0, Date.parse(last.at) + settings.reconcile.spacingMs - ledger.clock.now().getTime());
}

interface Looked {
  readonly look: Look;
  readonly checks: readonly CheckRow[];
}

async function oneLook(context: PipelineContext, { workspaceId, runId, address }: RecheckRow): Promise<Looked> {
  const nothingSeen = (says: string): Looked => {
    const found = { verdict: 'unreadable', says } as const;
    return { look: { ...at(context, found), url: address, status: null, digest: null }, checks: [] };
  };
  try {
    return await visitPost(context, { workspaceId, runId }, address);
  } catch (error) {
    if (isDatabaseDown(error)) throw error;
    if (error instanceof BadInput) return nothingSeen(error.message);
    context.log.error({ err: error, runId }, 'a look at a published post failed in a way nobody foresaw');
    return nothingSeen('Oncepost met a fault of its own at this look; the log has the details.');
  }
}

async function visitPost(
  context: PipelineContext,
  key: { readonly workspaceId: string; readonly runId: string },
  address: string,
): Promise<Looked> {
  const found = await livePostOf(context, await publishedWork(context, key));
  const post = { ...found, planned: { ...found.planned, url: address } };
  const deps: FetchDeps = {
    door: inTime(context.visits),
    ownOrigins: post.ownOrigins,
    now: () => context.ledger.clock.machineNow(),
    wait: async () => {},
  };
  const { page } = await fetchPage(deps, { url: address, windowMs: 0, isGood: () => true });
  const { input, rows } = await checkPage(deps, post, page);
  const judged = judgeVisit(input, { rows, counts: post.counts });
  const { url, status } = page;
  const look = { ...at(context, judged), url: cut(url), status, digest: pageDigest(page, sha256Hex) };
  const checks = rows.map((row) => ({
    ...row,
    expected: cut(row.expected),
    seen: row.seen === null ? null : cut(row.seen),
  }));
  return { look, checks };
}

const at = ({ ledger }: PipelineContext, { verdict, says }: LookFound) => ({
  at: ledger.clock.now().toISOString(),
  verdict,
  says: cut(says),
});

const cut = (text: string): string => toPlainText(text, SEEN_CHARS);

/** The way to pages, as long as a look may take. */
function inTime(door: FetchDeps['door']): FetchDeps['door'] {
  const untilMs = performance.now() + LOOK_MS;
  return {
    ask: (request) =>
      performance.now() < untilMs ? door.ask(request) : Promise.resolve({ kind: 'problem', problem: 'timeout' }),
  };
}
