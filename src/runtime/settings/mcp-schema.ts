// The section `mcp_servers` of temporal.yaml: by name, how a server of the Model Context Protocol is reached, and how a site
// publishes through its tools.
import { z } from 'zod';
import { isPointer } from '../../domain/mcp/json-pointer.ts';
import { PLACEHOLDERS, placeholdersOf } from '../../domain/mcp/template.ts';
import { duration } from './duration.ts';
import { section } from './section.ts';

const secretAllowed = 'the name of a variable that begins with ONCEPOST_MCP_, in capitals, digits and underscores';
const secret = z.string({ error: secretAllowed }).regex(/^ONCEPOST_MCP_[A-Z0-9_]{1,80}$/, secretAllowed);

const envAllowed =
  'a list of names of variables; those of Oncepost itself are handed to nobody, but for ONCEPOST_MCP_...';
const env = z
  .array(
    z
      .string({ error: envAllowed })
      .regex(/^[A-Za-z_]\w{0,127}$/, envAllowed)
      .refine((name) => !/^(?:ONCEPOST_(?!MCP_)|TEMPORAL_|DATABASE_URL$)/.test(name), envAllowed),
    { error: envAllowed },
  )
  .max(50, envAllowed);

const urlAllowed = 'an http or https address without a name and password in it';
const url = z.string({ error: urlAllowed }).refine(isPlainAddress, urlAllowed);

function isPlainAddress(text: string): boolean {
  const parsed = URL.parse(text);
  return parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.username === '' && parsed.password === '';
}

const commandAllowed = 'a list of texts: a program and its arguments';
const command = z
  .array(z.string({ error: commandAllowed }).min(1, commandAllowed), { error: commandAllowed })
  .min(1, commandAllowed)
  .max(100, commandAllowed);

const toolAllowed = 'the name of a tool, of 1 to 128 characters';
const tool = z.string({ error: toolAllowed }).regex(/^[\w./-]{1,128}$/, toolAllowed);

const pointerAllowed = 'a JSON Pointer, like /post/id';
const pointer = z.string({ error: pointerAllowed }).refine(isPointer, pointerAllowed);

const argumentsAllowed = `a group of keys; the placeholders in it are ${PLACEHOLDERS.map((name) => `"{${name}}"`).join(', ')}`;
const template = z
  .record(z.string(), z.json(), { error: argumentsAllowed })
  .refine(
    (given) => placeholdersOf(given).every((name) => PLACEHOLDERS.some((known) => known === name)),
    argumentsAllowed,
  );

const answersAllowed = 'a list of 1 to 20 shapes';
const digestAllowed = 'the SHA-256 digest of a tool: 64 hex digits';

export const mcpServersSection = z.record(
  z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, '1 to 40 small letters, digits, dashes or underscores'),
  section({
    url: url.optional(),
    command: command.optional(),
    env: env.optional(),
    secret_env: secret.optional(),
    timeout: duration('100ms', '10m').optional(),
    pinned_tools: z
      .record(tool, z.string({ error: digestAllowed }).regex(/^[0-9a-f]{64}$/, digestAllowed), {
        error: 'a list of names of tools, each with its digest',
      })
      .optional(),
    create: section({ tool, arguments: template }).optional(),
    lookup: section({ tool, arguments: template, found: pointer.optional() }).optional(),
    answers: z
      .array(
        section({
          id: pointer.optional(),
          slug: pointer,
          zone: pointer.optional(),
          url: pointer.optional(),
          status: pointer.optional(),
          title: pointer.optional(),
          html: pointer.optional(),
          canonical_url: pointer.optional(),
          key: pointer.optional(),
        }),
        { error: answersAllowed },
      )
      .min(1, answersAllowed)
      .max(20, answersAllowed)
      .optional(),
  }),
  { error: 'a list of names, each with its server' },
);

export type McpServersFile = z.output<typeof mcpServersSection>;
