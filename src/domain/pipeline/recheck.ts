// The later re-check of a published run: what one look can find, when looks are enough, and what a finding asks of a person. One
// look that failed, or one that missed, proves nothing (DESIGN law 4).
import { inOrder, type PipelineContract, type StageOf } from './contract.ts';
import type { StageCauseCode } from './stage-causes.ts';
import type { RunState } from './states.ts';

/** What a visitor gets under the address of a published post. */
export const RECHECK_VERDICTS = {
  live: { means: 'the post stands there as it was published', isFinding: false },
  changed: { means: 'something else stands there than what was published', isFinding: true },
  gone: { means: 'nothing stands there any more', isFinding: true },
  unreadable: { means: 'nobody can tell: it could not be read', isFinding: false },
} as const;
export type RecheckVerdict = keyof typeof RECHECK_VERDICTS;
export type FindingVerdict = 'changed' | 'gone';

const isVerdict = (name: string): name is RecheckVerdict => Object.hasOwn(RECHECK_VERDICTS, name);
export const VERDICT_NAMES: readonly RecheckVerdict[] = Object.keys(RECHECK_VERDICTS).filter(isVerdict);

/** Whether it needs a person. */
export const isFinding = (verdict: RecheckVerdict): verdict is FindingVerdict => RECHECK_VERDICTS[verdict].isFinding;

/** The cause of a finding: the same with which `live_qa` fails, since this is a later one. */
export const FINDING_CAUSE = 'page_differs' satisfies StageCauseCode;

/** What whoever owns a finding does about it. */
export const FINDING_STEPS: Readonly<Record<FindingVerdict, string>> = {
  changed: 'See what differs, then mend the page where it is published and check it again, or say that it is meant so.',
  gone: 'Find out who took it away, then put it back where it was published and check it again, or say that it is meant so.',
};

/** So many looks at most; where they do not agree by then, nobody can tell. */
const MOST_LOOKS = 3;

/** What one look came to. */
export interface LookFound {
  readonly verdict: RecheckVerdict;
  /** By what that is told, in one sentence. */
  readonly says: string;
}

/** One look at the public page, as it is kept. */
export interface Look extends LookFound {
  /** In ISO 8601. */
  readonly at: string;
  /** Where its redirects ended. */
  readonly url: string;
  readonly status: number | null;
  /** SHA-256, hex, over the text of the page as it was read; null where it could not be. */
  readonly digest: string | null;
}

/** What the looks of one re-check come to, in their order; null: another look is needed, some time later. */
export function concludeLooks(looks: readonly LookFound[]): LookFound | null {
  const [last, before] = looks.toReversed();
  if (last === undefined) return null;
  if (last.verdict === 'live') return last;
  if (isFinding(last.verdict) && last.verdict === before?.verdict) return last;
  if (looks.length < MOST_LOOKS) return null;
  if (last.verdict === 'unreadable') return last;
  const each = looks.map(({ verdict }) => verdict).join(', ');
  return { verdict: 'unreadable', says: `The looks at it do not agree: ${each}. ${last.says}` };
}

/** What a look found wrong. */
export interface FoundWrong {
  readonly verdict: RecheckVerdict | null;
  readonly checks: readonly { readonly check: string; readonly seen: string | null; readonly ok: boolean }[];
}

/** Whether two looks found the same wrong: what a person accepted of the one holds for the other. */
export function isSameFinding(one: FoundWrong, other: FoundWrong): boolean {
  if (one.verdict !== other.verdict) return false;
  return one.verdict === 'gone' || (one.verdict === 'changed' && wrongIn(one) === wrongIn(other));
}

const wrongIn = ({ checks }: FoundWrong): string =>
  JSON.stringify(checks.flatMap(({ check, seen, ok }) => (ok ? [] : [[check, seen]])));

/** Why what was found cannot be accepted, with the sentence whoever asked reads. */
export const ACCEPT_REFUSALS = {
  no_finding: 'That look found nothing wrong, so there is nothing to accept; nothing was changed.',
  found_since: 'Another look has ended since; nothing was changed. See what it found, then decide.',
} as const;
export type AcceptRefusal = keyof typeof ACCEPT_REFUSALS;

/** Why a run cannot be checked again, with the sentence whoever asked reads. */
export const RECHECK_REFUSALS = {
  not_published:
    'The run has not ended with its post published, so there is nothing to check again; nothing was changed.',
  no_live_check:
    'No stage of its pipeline checks the public page, so there is nothing to compare it with; nothing was changed.',
} as const;
export type RecheckRefusal = keyof typeof RECHECK_REFUSALS;

/** Null: it can be checked again. */
export function refuseRecheck({
  state,
  contract,
}: {
  readonly state: RunState;
  readonly contract: Pick<PipelineContract, 'stages'>;
}): RecheckRefusal | null {
  if (state !== 'ended') return 'not_published';
  return liveStageOf(contract) === null ? 'no_live_check' : null;
}

/** The stage that checked the public page last, whatever it is called; null: none does. */
export function liveStageOf(contract: Pick<PipelineContract, 'stages'>): StageOf<'builtin'> | null {
  const isLive = (stage: PipelineContract['stages'][number]) => stage.runner === 'builtin' && stage.uses === 'live_qa';
  const stage = inOrder(contract).findLast(isLive);
  return stage?.runner === 'builtin' ? stage : null;
}

/** What names a re-check. */
export interface RecheckKey {
  readonly workspaceId: string;
  readonly id: string;
}

/** Where a re-check stands, for its workflow: its verdict, or after how long it is looked again. Both null: there is none. */
export interface RecheckStep {
  readonly verdict: RecheckVerdict | null;
  readonly againInMs: number | null;
}
