// The stage `approve`: sees that the destination would take the post, then waits for a decision on exactly this content.

import { setTimeout as sleep } from 'node:timers/promises';
import { stageCause } from '../../domain/pipeline/stage-causes.ts';
import { ASKED_FINGERPRINT, decisionOn, lastDecidedAt } from '../../ledger/runs/decisions.ts';
import { keepEvidence } from '../../ledger/runs/open-stage.ts';
import type { PipelineContext } from '../context.ts';
import type { StageEnd } from '../runners/runner.ts';
import type { StageTask } from '../runs/stage-task.ts';
import { jsonFile } from './json-file.ts';
import { planPost } from './plan-post.ts';
import { wouldNotTake } from './would-take.ts';

export async function approve(context: PipelineContext, task: StageTask): Promise<StageEnd> {
  const { key, attempt, work } = task;
  const planned = await planPost(task);
  const { db } = context.ledger;
  // What was decided before the run came back to this stage was for that time.
  const after = await lastDecidedAt(db, key, attempt.stageId);
  let decision = await decisionOn(db, key, planned.fingerprint, after);
  if (!decision) {
    const asked = task.evidence[ASKED_FINGERPRINT] === planned.fingerprint;
    const refused = asked ? null : await wouldNotTake(context, task, planned);
    if (refused) return refused;
    await keepEvidence(context.ledger, key, attempt, {
      [ASKED_FINGERPRINT]: planned.fingerprint,
      title: planned.title,
      address: planned.address,
    });
    decision = await decidedAtOnce(context, task, planned.fingerprint, after);
  }
  if (!decision) return { kind: 'waiting', says: 'Waits for somebody to approve exactly this content.', until: null };
  const { verdict, decidedBy, decidedAt, note } = decision;
  if (verdict === 'rejected') {
    const why = note === null ? '' : ` ("${note}")`;
    return { kind: 'failed', cause: stageCause('rejected', `${decidedBy.label} decided against it${why}.`) };
  }
  const { fingerprint, address } = planned;
  const record = { verdict, fingerprint, decidedBy, decidedAt: decidedAt.toISOString(), note, address };
  return { kind: 'made', files: [jsonFile(work.stage, record)] };
}

/** A program decides at once, and a look costs less than a wait of the run's own. */
const AT_ONCE_MS = 1_500;
const LOOK_EVERY_MS = 50;

async function decidedAtOnce(
  { ledger }: PipelineContext,
  { key, control }: StageTask,
  fingerprint: string,
  after: Date | null,
) {
  const untilMs = performance.now() + AT_ONCE_MS;
  for (;;) {
    const decision = await decisionOn(ledger.db, key, fingerprint, after);
    if (decision || performance.now() >= untilMs) return decision;
    await sleep(LOOK_EVERY_MS, undefined, { signal: control.signal });
  }
}
