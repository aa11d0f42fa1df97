// The checks that need no server: every script of package.json whose name begins with `check:`, in its order there.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const manifestSchema = z.object({ scripts: z.record(z.string(), z.string()) });

/** Their names, to be run with `npm run NAME`. */
export function staticChecks(root: string): string[] {
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  return Object.keys(manifest.scripts).filter((name) => name.startsWith('check:'));
}
