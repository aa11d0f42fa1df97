// What a killed start leaves running: writes into its half-made cluster for a while, whatever becomes of the files.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const { draft, forMs } = z.object({ draft: z.string(), forMs: z.number() }).parse(JSON.parse(process.argv[2] ?? ''));
mkdirSync(join(draft, 'base'), { recursive: true });
console.log('writing');
const end = performance.now() + forMs;
for (let file = 0; performance.now() < end; file += 1) {
  try {
    writeFileSync(join(draft, 'base', String(file)), 'half');
  } catch {
    // Its folder is being removed under it.
  }
}
