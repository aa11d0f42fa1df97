// Whether what a stage made is what its contract says: each declared artifact is there, its bytes are what its media type says, JSON
// fits its schema, and nothing else came along.
import { types } from 'node:util';
import { runInNewContext } from 'node:vm';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { declaredAs, isGroup } from '../../domain/pipeline/artifact-names.ts';
import type { ArtifactSpec, StageSpec } from '../../domain/pipeline/contract.ts';
import { type StageCause, stageCause } from '../../domain/pipeline/stage-causes.ts';
import { MEDIA_TYPES } from '../../domain/schedules/media-type.ts';
import { fieldProblems } from '../../domain/schedules/schedule-request.ts';
import { isShallow } from '../../domain/text/plain-text.ts';
import { fitsMediaType } from '../../transport/facts/magic-bytes.ts';
import { isJsonType, isTextType, utf8Of } from '../runners/media-types.ts';
import type { MadeFile } from '../runners/runner.ts';
import { KNOWN_FILES } from './known-files.ts';

/**
 * How long one file may be checked. A `pattern` can be one that JavaScript searches without end in some texts; whoever wrote it meant
 * no harm, and a worker must not stand still for it.
 */
const CHECKED_WITHIN_MS = 1_000;
const MOST_FILES = 100;

const isPictureType = (mediaType: string): boolean =>
  mediaType.startsWith('image/') && MEDIA_TYPES.some((one) => one === mediaType);

/** The first thing that does not fit, as one sentence that names the file and the field; null: all fits. */
export function misfitOf(stage: Pick<StageSpec, 'artifacts'>, files: readonly MadeFile[]): StageCause | null {
  const isDeclared = (name: string) => declaredAs(stage.artifacts, name) !== undefined;
  const other = files.find(({ name }, at) => !isDeclared(name) || files.findIndex((file) => file.name === name) < at);
  if (other) {
    const allowed = stage.artifacts.map(({ name }) => name).join(', ') || 'nothing';
    const twice = isDeclared(other.name) ? 'was made twice' : 'is not declared by the stage';
    return misfit(`"${other.name}" ${twice}; allowed: ${allowed}, each once.`);
  }
  if (files.length > MOST_FILES) return misfit(`${files.length} files are too many; allowed: ${MOST_FILES}.`);
  const missing = stage.artifacts.find(({ name }) => !isGroup(name) && !files.some((file) => file.name === name));
  if (missing) return misfit(`"${missing.name}" was not made.`);
  for (const { name, bytes } of files) {
    const artifact = declaredAs(stage.artifacts, name);
    const problem = artifact ? problemOf({ ...artifact, name }, bytes) : null;
    if (problem !== null) return misfit(`"${name}" ${problem}`);
  }
  return null;
}

function misfit(sentence: string): StageCause {
  return stageCause('answer_misfit', `${sentence} Mend what makes it, then retry.`);
}

function problemOf({ name, mediaType, schema }: ArtifactSpec, bytes: Uint8Array): string | null {
  if (isPictureType(mediaType) && !fitsMediaType(bytes, mediaType)) return `is ${mediaType}, but its bytes are not.`;
  if (!isTextType(mediaType)) return null;
  const text = utf8Of(bytes);
  if (text === null) return `is ${mediaType}, but its bytes are not UTF-8.`;
  if (!isJsonType(mediaType)) return null;
  const parsed = parse(text);
  if (parsed === null) return 'is not JSON.';
  if (!isShallow(parsed.value)) return 'is JSON nested deeper than a hundred.';
  return schema === undefined ? knownProblem(name, parsed.value) : schemaProblem(schema, parsed.value);
}

/** A file that a stage of ours will read is held to what it must be, also where the contract says nothing of it. */
function knownProblem(name: string, value: unknown): string | null {
  const known = Object.hasOwn(KNOWN_FILES, name) ? KNOWN_FILES[name] : undefined;
  const { error } = known?.safeParse(value) ?? {};
  const [first] = error ? fieldProblems(error) : [];
  return first === undefined ? null : `does not fit: ${first.field || 'the whole'} ${first.problem}.`;
}

function parse(text: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

/** Unknown keywords and formats say nothing about a value (JSON Schema 2020-12, core 6.5 and validation 7.2.1). */
const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false });

function schemaProblem(schema: Readonly<Record<string, unknown>>, value: unknown): string | null {
  try {
    const fits = compiled(schema);
    if (withinTime(() => fits(value))) return null;
    return `does not fit its schema: ${inWords(fits.errors?.[0])}.`;
  } catch (error) {
    if (isLate(error)) {
      return `could not be checked within ${CHECKED_WITHIN_MS / 1000} s: a pattern of its schema takes too long; make that simpler.`;
    }
    const why = error instanceof Error ? error.message : 'unknown';
    return `cannot be checked, since its schema cannot be used (${why}); mend it in temporal.yaml.`;
  }
}

/** Compiled anew each time: contracts come from files and from runs, and what is kept of each would stay for ever. */
function compiled(schema: Readonly<Record<string, unknown>>): ValidateFunction {
  try {
    return withinTime(() => ajv.compile(schema));
  } finally {
    ajv.removeSchema(schema);
  }
}

/** Ended by the engine, also within a search for a pattern. */
function withinTime<Value>(work: () => Value): Value {
  let value: { readonly is: Value } | undefined;
  const run = () => {
    value = { is: work() };
  };
  runInNewContext('run()', { run }, { timeout: CHECKED_WITHIN_MS });
  if (value === undefined) throw new TypeError('the check ended without a word');
  return value.is;
}

/** The error is of the other context, whose classes are not ours. */
function isLate(error: unknown): boolean {
  return types.isNativeError(error) && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}

/** `assets.0.id must be string`: where, as a path with dots, and what is asked for. The value itself is not told. */
function inWords(error: ErrorObject | undefined): string {
  if (!error) return 'it must be another';
  const { instancePath, message = 'must be another', keyword, params } = error;
  const way = instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const field = way.join('.') || 'the whole';
  if (keyword === 'additionalProperties') return `${field} must not have "${params.additionalProperty}"`;
  if (keyword === 'enum') return `${field} must be one of ${JSON.stringify(params.allowedValues)}`;
  if (keyword === 'const') return `${field} must be ${JSON.stringify(params.allowedValue)}`;
  return `${field} ${message}`;
}
