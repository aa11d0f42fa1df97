// Starts the embedded PostgreSQL as told and stays, so that a test can kill it; or says why it could not.
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { startEmbeddedPostgres } from '../../../src/local/postgres/postgres.ts';

const options = z
  .object({ dataFolder: z.string(), port: z.number(), stay: z.boolean() })
  .parse(JSON.parse(process.argv[2] ?? ''));
try {
  const server = await startEmbeddedPostgres(options);
  console.log(`serving ${server.pid} ${server.adopted ? 'adopted' : 'started'}`);
  if (options.stay) await pause(2 ** 31 - 1);
  await server.stop();
} catch (error) {
  console.log(String(error));
  process.exitCode = 1;
}
