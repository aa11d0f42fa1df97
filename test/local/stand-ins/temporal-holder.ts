// Starts the local Temporal server as told and stays, so that a test can kill it; or says why it could not.
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { startTemporalServer } from '../../../src/local/temporal/temporal.ts';

const options = z
  .object({ program: z.string(), dataFolder: z.string(), port: z.number(), uiPort: z.number() })
  .parse(JSON.parse(process.argv[2] ?? ''));
try {
  const server = await startTemporalServer({ ...options, namespace: 'default', searchAttributes: {} });
  console.log(`serving ${server.pid}`);
  await pause(2 ** 31 - 1);
} catch (error) {
  console.log(String(error));
  process.exitCode = 1;
}
