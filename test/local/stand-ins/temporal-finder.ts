// Looks for the Temporal server program as told, and says what came of it.
import { z } from 'zod';
import { findTemporalProgram } from '../../../src/local/temporal/temporal-program.ts';

const options = z
  .object({ program: z.string().optional(), cacheHome: z.string() })
  .parse(JSON.parse(process.argv[2] ?? ''));
try {
  const path = await findTemporalProgram({ ...options, onProgress: (line) => console.log(`progress: ${line}`) });
  console.log(`found ${path}`);
} catch (error) {
  console.log(String(error));
  process.exitCode = 1;
}
