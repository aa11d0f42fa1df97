// What a stage of ours is given, as text and as JSON that fits its schema.
import type { z } from 'zod';
import { type StageCause, stageCause } from '../../domain/pipeline/stage-causes.ts';
import { fieldProblems } from '../../domain/schedules/schedule-request.ts';
import type { StageInput } from '../runners/runner.ts';

/** An input cannot be used: the stage fails with this cause. */
export class BadInput extends Error {
  override readonly name = 'BadInput';
  override readonly cause: StageCause;
  constructor(cause: StageCause) {
    super(cause.text);
    this.cause = cause;
  }
}

/** The text that a stage of ours works on: the last of its inputs that is Markdown. */
export function textInput(inputs: readonly StageInput[]): StageInput | undefined {
  return inputs.findLast(({ mediaType }) => mediaType === 'text/markdown');
}

/** The text as it stands, its byte order mark included. @throws BadInput */
export async function readText(inputs: readonly StageInput[]): Promise<string> {
  const input = textInput(inputs);
  if (!input) throw new BadInput(stageCause('input_missing', 'It has no text: none of its inputs is Markdown.'));
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await input.bytes());
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new BadInput(stageCause('answer_misfit', `"${input.name}" is not UTF-8; hand it in again.`));
  }
}

/** The file of that name as the schema wants it; undefined where the stage is not given it. @throws BadInput */
export async function readJsonInput<Schema extends z.ZodType>(
  inputs: readonly StageInput[],
  name: string,
  schema: Schema,
): Promise<z.infer<Schema> | undefined> {
  const input = inputs.find((one) => one.name === name);
  if (!input) return undefined;
  const parsed = schema.safeParse(parse(await input.bytes()));
  if (parsed.success) return parsed.data;
  const [first] = fieldProblems(parsed.error);
  const what = first === undefined ? 'cannot be read' : `${first.field} ${first.problem}`.trim();
  throw new BadInput(stageCause('answer_misfit', `"${name}": ${what}; mend it, then try again.`));
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
