// What a published run is held to later: exactly what its check of the public page was given then.
import { liveStageOf } from '../../domain/pipeline/recheck.ts';
import type { RunKey } from '../../domain/pipeline/run-id.ts';
import { stageCause } from '../../domain/pipeline/stage-causes.ts';
import { artifactsOf } from '../../ledger/runs/artifacts.ts';
import { givenLast } from '../../ledger/runs/given-last.ts';
import { readRunFacts } from '../../ledger/runs/run-facts.ts';
import { BadInput } from '../builtin/read-input.ts';
import type { PipelineContext } from '../context.ts';
import type { StageTask } from '../runs/stage-task.ts';
import { workOf } from '../runs/stage-work.ts';

/** @throws BadInput where what it was given is not to be had */
export async function publishedWork(
  context: PipelineContext,
  key: RunKey,
): Promise<Pick<StageTask, 'key' | 'facts' | 'work'>> {
  const { db } = context.ledger;
  const facts = await readRunFacts(db, key);
  const spec = facts && liveStageOf(facts.contract);
  const stage = facts?.stages.find(({ stageId }) => stageId === spec?.id);
  const given = spec && (await givenLast(db, key, spec.id));
  if (!facts || !spec || !stage || !given) throw new BadInput(stageCause('input_missing', NOTHING_GIVEN));
  const rows = (await artifactsOf(db, key)).filter(({ name, sha256 }) => given[name] === sha256);
  const inputs = new Map(rows.map((row) => [row.name, row]));
  return { key, facts, work: workOf(context, { ...facts, stage, spec }, inputs) };
}

const NOTHING_GIVEN = 'What its page was checked against is not on record.';
