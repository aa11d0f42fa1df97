// How Oncepost calls itself to every server that it asks.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from './package-root.ts';

const manifestSchema = z.object({ version: z.string().regex(/^[0-9A-Za-z.+-]+$/) });

/** The version in package.json. */
const version: string = manifestSchema.parse(
  JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')),
).version;

/** The `User-Agent` of every outbound call: platforms, tokens and media alike (RFC 9110, 10.1.5). */
export const userAgent = `Oncepost/${version} (durable publish worker)`;
