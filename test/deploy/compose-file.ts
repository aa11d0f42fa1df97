// docker-compose.yml as the tests read it: held against the Compose specification first, then trusted.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';

export const root = join(import.meta.dirname, '../..');

/** The text of a file of the project. */
export function textOf(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** A whole Compose file by the specification's own JSON schema. */
export function composeSpecification(): z.ZodType {
  const schema = JSON.parse(textOf('test/deploy/compose-spec/schema.json'));
  // The file names its draft with https, by which zod does not know it.
  return z.fromJSONSchema({ ...schema, $schema: 'http://json-schema.org/draft-07/schema#' });
}

const serviceSchema = z.object({
  image: z.string(),
  build: z.string().optional(),
  command: z.array(z.string()).default([]),
  entrypoint: z.array(z.string()).default([]),
  restart: z.string().optional(),
  stop_grace_period: z.string().optional(),
  container_name: z.string().optional(),
  environment: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  deploy: z.object({ replicas: z.int() }).optional(),
});
export type ComposeService = z.output<typeof serviceSchema>;

/** The parts of our own file that the tests speak of; every service written in its long form. */
export const composeFileSchema = z.object({
  services: z.record(z.string(), serviceSchema),
  volumes: z.record(z.string(), z.unknown()),
});

/** The file with its merge keys resolved, as plain values. */
export function parseCompose(text: string): unknown {
  const document = parseDocument(text, { merge: true, prettyErrors: true });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) throw problem;
  return document.toJS();
}
