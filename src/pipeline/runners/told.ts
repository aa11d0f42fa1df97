// What every runner tells the other side about the attempt, in the same words.
import type { StageWork } from './runner.ts';

export function toldOf({ runId, pipeline, slug, zone, title, stage, attempt, key }: StageWork) {
  return { run: { id: runId, pipeline, slug, zone, title }, stage: { id: stage.id, attempt, key } };
}
