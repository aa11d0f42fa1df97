// What every runner tells the other side about the attempt, in the same words.
import { isTextType, utf8Of } from './media-types.ts';
import type { StageInput, StageWork } from './runner.ts';

export function toldOf({ runId, pipeline, slug, zone, title, stage, attempt, key }: StageWork) {
  return { run: { id: runId, pipeline, slug, zone, title }, stage: { id: stage.id, attempt, key } };
}

/** With the inputs in it, for whoever has no folder of ours: a text as `text`, anything else as `base64`. */
export async function toldWhole(work: StageWork) {
  const outputs = work.stage.artifacts.map(({ name, mediaType }) => ({ name, mediaType }));
  return { ...toldOf(work), inputs: await Promise.all(work.inputs.map(toldInput)), outputs };
}

async function toldInput(input: StageInput) {
  const { name, mediaType, sha256 } = input;
  const bytes = await input.bytes();
  const text = isTextType(mediaType) ? utf8Of(bytes) : null;
  return { name, mediaType, sha256, ...(text === null ? { base64: Buffer.from(bytes).toString('base64') } : { text }) };
}
