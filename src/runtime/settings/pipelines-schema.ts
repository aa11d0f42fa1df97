// The section `pipelines` of temporal.yaml: by name, the stages of a run and what each needs and makes.
import { Ajv2020 } from 'ajv/dist/2020.js';
import { z } from 'zod';
import { isFileName } from '../../domain/pipeline/artifact-names.ts';
import { BUILTIN_NAMES, EFFECTS, GATE_NAMES } from '../../domain/pipeline/contract.ts';
import { duration } from './duration.ts';
import { section } from './section.ts';

const nameAllowed = '1 to 63 lower-case letters, digits, dashes or underscores that begin with a letter';
const name = z.string({ error: nameAllowed }).regex(/^[a-z][a-z0-9_-]{0,62}$/, nameAllowed);

const fileAllowed =
  'a file name of up to 100 letters, digits, dots, dashes or underscores, or an ending such as *.png for any number of pictures';
const file = z
  .string({ error: fileAllowed })
  .refine((name) => isFileName(name) || /^\*\.[a-z0-9]{1,10}$/.test(name), fileAllowed);

const typeAllowed = 'a media type such as text/markdown or application/json';
const mediaType = z.string({ error: typeAllowed }).regex(/^[a-z]+\/[a-z0-9][a-z0-9.+-]{0,100}$/, typeAllowed);

const schemaAllowed =
  'a JSON Schema as a group of keys, each with a value that JSON Schema (2020-12) gives it, and no reference to another document';
const jsonSchema = z
  .record(z.string(), z.unknown(), { error: schemaAllowed })
  // A run keeps its contract: what cannot be used now could not be mended for it later.
  .refine(canBeUsed, schemaAllowed);

function canBeUsed(schema: Record<string, unknown>): boolean {
  try {
    new Ajv2020({ strict: false, validateFormats: false, logger: false }).compile(schema);
    return true;
  } catch {
    return false;
  }
}

const artifact = section({
  name: file,
  media_type: mediaType,
  schema: jsonSchema.optional(),
});

const artifactsAllowed = 'a list of artifacts, each with name and media_type';
const artifacts = z.array(artifact, { error: artifactsAllowed }).max(50, artifactsAllowed).optional();

const inputsAllowed = 'a list of names of artifacts';
const gatesAllowed = `a list of ${GATE_NAMES.join(', ')}`;
const effectAllowed = `one of ${EFFECTS.join(', ')}`;
const attemptsAllowed = 'a whole number from 1 to 100';

const common = {
  id: name,
  inputs: z.array(file, { error: inputsAllowed }).max(50, inputsAllowed).optional(),
  artifacts,
  gates: z.array(z.enum(GATE_NAMES, { error: gatesAllowed }), { error: gatesAllowed }).optional(),
  timeout: duration('1s', '24h').optional(),
  retry: section({
    attempts: z.int({ error: attemptsAllowed }).min(1, attemptsAllowed).max(100, attemptsAllowed),
    first: duration('1ms', '24h').optional(),
    max: duration('1ms', '365d').optional(),
  }).optional(),
  effect: z.enum(EFFECTS, { error: effectAllowed }).optional(),
  next: name.optional(),
  terminal: name.optional(),
};

const usesAllowed = `one of ${BUILTIN_NAMES.join(', ')}`;

const commandAllowed = 'a program and its arguments, as a list of texts';
const command = z
  .array(z.string({ error: commandAllowed }).min(1, commandAllowed).max(4_096, commandAllowed), {
    error: commandAllowed,
  })
  .min(1, commandAllowed)
  .max(100, commandAllowed);

const variableAllowed = 'the name of a variable of the environment, in capitals, digits and underscores';
const variable = z
  .string({ error: variableAllowed })
  .regex(/^[A-Z_][A-Z0-9_]{0,99}$/, variableAllowed)
  // Ours hold what opens the ledger and the grants.
  .refine((text) => !/^(ONCEPOST_SECRET_KEY|DATABASE_URL|TEMPORAL_API_KEY)$/.test(text), variableAllowed);

const outputAllowed = 'a whole number of bytes from 1024 to 67108864';
const outputBytes = z.int({ error: outputAllowed }).min(1_024, outputAllowed).max(67_108_864, outputAllowed);

const urlAllowed = 'an http or https address without a name and password in it';
const url = z.string({ error: urlAllowed }).refine(isPlainAddress, urlAllowed);

function isPlainAddress(text: string): boolean {
  const parsed = URL.parse(text);
  return parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.username === '' && parsed.password === '';
}

const headersAllowed = 'a list of header names, each with the name of the variable that holds its value';
const headers = z.record(z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,99}$/, headersAllowed), variable, {
  error: headersAllowed,
});

const toolAllowed = 'the name of a tool';
const toolName = z.string({ error: toolAllowed }).min(1, toolAllowed).max(200, toolAllowed);
const tool = { server: name, tool: toolName };

const asksAllowed = 'one sentence, of up to 500 characters, on what a person is to hand in';

const stage = z.discriminatedUnion(
  'runner',
  [
    section({ ...common, runner: z.literal('builtin'), uses: z.enum(BUILTIN_NAMES, { error: usesAllowed }) }),
    section({
      ...common,
      runner: z.literal('command'),
      command,
      env: z.array(variable, { error: variableAllowed }).max(50, variableAllowed).optional(),
      max_output: outputBytes.optional(),
      lookup: command.optional(),
    }),
    section({
      ...common,
      runner: z.literal('http'),
      url,
      secret_headers: headers.optional(),
      private_address: z.boolean({ error: 'true or false' }).optional(),
      lookup_url: url.optional(),
    }),
    section({ ...common, runner: z.literal('mcp'), ...tool, lookup: section(tool).optional() }),
    section({
      ...common,
      runner: z.literal('human'),
      asks: z.string({ error: asksAllowed }).min(1, asksAllowed).max(500, asksAllowed).optional(),
    }),
  ],
  { error: 'one of builtin, command, http, mcp, human' },
);

const zoneAllowed = 'an http or https address with {slug} in it';
const zone = z
  .string({ error: zoneAllowed })
  .refine((text) => text.includes('{slug}') && isPlainAddress(text.replaceAll('{slug}', 'a')), zoneAllowed);

const accountAllowed = 'the name of a connected account';
const stagesAllowed = 'a list of stages, each with id and runner';

export const pipelineSection = section({
  destination: z.string({ error: accountAllowed }).min(1, accountAllowed).max(100, accountAllowed).optional(),
  zones: z.record(name, zone, { error: 'a list of zones, each with the address of its posts' }).optional(),
  inputs: artifacts,
  stages: z.array(stage, { error: stagesAllowed }).min(1, stagesAllowed).max(100, stagesAllowed),
});

export const pipelinesSection = z.record(name, pipelineSection, { error: 'a list of pipelines by name' });

export type PipelineFile = z.output<typeof pipelineSection>;
