// The answer of a program or of an address, as far as both speak alike: the artifacts by name, or a refusal.
import { z } from 'zod';
import { declaredAs, isGroup, names } from '../../domain/pipeline/artifact-names.ts';
import type { ArtifactSpec, StageSpec } from '../../domain/pipeline/contract.ts';
import type { StageCauseCode } from '../../domain/pipeline/stage-causes.ts';
import { isShallow } from '../../domain/text/plain-text.ts';
import type { Json } from '../../platforms/sessions.ts';
import { isJsonType, utf8Of } from './media-types.ts';

/** An answer that cannot be taken. The message is the sentence for the person who reads it. */
export class BadAnswer extends Error {
  override readonly name = 'BadAnswer';
  readonly code: StageCauseCode;
  constructor(code: StageCauseCode, sentence: string) {
    super(sentence);
    this.code = code;
  }
}

const answerSchema = z.strictObject({
  artifacts: z.record(z.string(), z.json()).optional(),
  evidence: z.json().optional(),
  /** It did nothing, and says why: the one word that makes a failure sure. */
  refused: z.string().min(1).optional(),
});
export type Answer = z.infer<typeof answerSchema>;

const ALLOWED =
  'allowed: one JSON object with "artifacts", "evidence" or "refused", or {}. Mend what answers, then retry.';

/** @throws BadAnswer */
export function readAnswer(bytes: Uint8Array): Answer {
  const { success, data } = answerSchema.safeParse(readJson(bytes));
  if (success) return data;
  throw new BadAnswer('answer_unreadable', `Its answer is not what a stage may answer; ${ALLOWED}`);
}

/** @throws BadAnswer */
export function readJson(bytes: Uint8Array): unknown {
  const text = utf8Of(bytes);
  if (text?.trim() === '') throw new BadAnswer('answer_unreadable', `Its answer is empty; ${ALLOWED}`);
  try {
    const value: unknown = JSON.parse(text ?? '');
    if (isShallow(value)) return value;
  } catch {
    // Told below, with what is nested too deep.
  }
  throw new BadAnswer('answer_unreadable', `Its answer is not JSON in UTF-8; ${ALLOWED}`);
}

/** What the answer says of an artifact; undefined: nothing. @throws BadAnswer where it names one that is not declared */
export function namedIn({ artifacts = {} }: Answer, stage: StageSpec): (name: string) => Json | undefined {
  const unknown = Object.keys(artifacts).find((name) => !declaredAs(stage.artifacts, name));
  if (unknown !== undefined) {
    const allowed = stage.artifacts.map(({ name }) => name).join(', ') || 'none';
    const sentence = `It made "${unknown.slice(0, 100)}", which the stage does not declare; allowed: ${allowed}.`;
    throw new BadAnswer('answer_misfit', sentence);
  }
  return (name) => (Object.hasOwn(artifacts, name) ? artifacts[name] : undefined);
}

/** Every file that is to be made: those declared by name, and of each group those that the answer, or `lying` beside it, holds. */
export function wantedFiles(
  { artifacts = {} }: Answer,
  stage: StageSpec,
  lying: readonly string[] = [],
): ArtifactSpec[] {
  const found = [...new Set([...Object.keys(artifacts), ...lying])];
  return stage.artifacts.flatMap((artifact) =>
    isGroup(artifact.name)
      ? found.filter((name) => names(artifact.name, name)).map((name) => ({ ...artifact, name }))
      : [artifact],
  );
}

/**
 * The bytes of an artifact that stands in the answer itself. Numbers in it are read as JavaScript reads them: what must keep
 * more than 15 digits goes as a text.
 * @throws BadAnswer
 */
export function inlineBytes({ name, mediaType }: ArtifactSpec, value: Json): Uint8Array {
  if (typeof value === 'string') return new TextEncoder().encode(value);
  const isGroup = typeof value === 'object' && value !== null;
  if (isGroup && isJsonType(mediaType)) return new TextEncoder().encode(JSON.stringify(value));
  const given = isGroup ? 'as JSON' : `as ${value}`;
  throw new BadAnswer('answer_misfit', `It gave "${name}" ${given}, but that is ${mediaType}; allowed: a text.`);
}
