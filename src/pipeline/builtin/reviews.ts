// The stages `baseline_review` and `final_review`: what can be checked of a text without reading it.
import { checkPlan } from '../../domain/pipeline/markers/check-plan.ts';
import { readMarkers } from '../../domain/pipeline/markers/read-markers.ts';
import { assetPlanSchema } from '../../domain/pipeline/visuals/asset-plan.ts';
import type { StageEnd } from '../runners/runner.ts';
import type { StageTask } from '../runs/stage-task.ts';
import { jsonFile } from './json-file.ts';
import { leakCause } from './leaks.ts';
import { picturesOf } from './pictures.ts';
import { readJsonInput, readText, textInput } from './read-input.ts';
import { problemCause } from './text-reconciliation.ts';

/** Its markers can be read, and are those of its plan. @throws BadInput */
export async function baselineReview({ work }: StageTask): Promise<StageEnd> {
  const text = await readText(work.inputs);
  const plan = await readJsonInput(work.inputs, 'asset-plan.json', assetPlanSchema);
  const { spans, problems } = readMarkers(text);
  const wrong = problems.length > 0 || !plan ? problems : checkPlan(spans, plan);
  if (wrong.length > 0) return { kind: 'failed', cause: problemCause(wrong) };
  const declared = spans.filter(({ declares }) => declares !== null).map(({ id }) => id);
  const review = { reviewed: reviewedIn({ work }), words: wordsIn(text), assets: declared };
  return { kind: 'made', files: [jsonFile(work.stage, review)] };
}

/** Nothing of the planning is left in what goes out, and every picture that it shows is there. @throws BadInput */
export async function finalReview({ work }: StageTask): Promise<StageEnd> {
  const text = await readText(work.inputs);
  const cause = await leakCause(work);
  if (cause) return { kind: 'failed', cause };
  const pictures = (await picturesOf(work.inputs, text)).map(({ address, input }) => ({
    address,
    sha256: input?.sha256 ?? null,
  }));
  const review = { reviewed: reviewedIn({ work }), words: wordsIn(text), leaks: [], pictures };
  return { kind: 'made', files: [jsonFile(work.stage, review)] };
}

/** The text by its digest, and everything that lay beside it: a review of another text says nothing of this one. */
function reviewedIn({ work }: Pick<StageTask, 'work'>) {
  const text = textInput(work.inputs);
  return {
    text: text?.sha256 ?? null,
    inputs: Object.fromEntries(work.inputs.map(({ name, sha256 }) => [name, sha256])),
  };
}

const wordsIn = (text: string): number => text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
