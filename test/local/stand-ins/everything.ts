// The supervisor as a process of its own, over stand-in programs: what `npm start` is, for a test to interrupt and to kill.
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { runStart } from '../../../src/local/run-start.ts';

const program = fileURLToPath(new URL('./program.ts', import.meta.url));
const ports = z.object({
  server: z.number(),
  sandbox: z.number(),
  postgres: z.number(),
  temporal: z.number(),
  temporalUi: z.number(),
});
const { behaviours, ...options } = z
  .object({
    dataFolder: z.string(),
    ports,
    databaseUrl: z.string().optional(),
    temporalAddress: z.string().optional(),
    secretKey: z.string().optional(),
    behaviours: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(process.argv[2] ?? ''));
const commandOf = (name: string) => [program, name, behaviours[name] ?? 'once'];

try {
  await runStart({
    ...options,
    host: '127.0.0.1',
    signsInByLink: false,
    namespace: 'default',
    retentionMs: 86_400_000,
    searchAttributes: { PublishState: 'Keyword' },
    environment: { PATH: process.env.PATH, OF_THE_USER: 'kept' },
    commands: {
      migrate: commandOf('migrate'),
      practice: commandOf('practice'),
      practiceRuns: commandOf('practice-runs'),
      signIn: commandOf('sign-in'),
      longRunning: { server: commandOf('server'), worker: commandOf('worker') },
    },
  });
} catch (error) {
  console.log(String(error));
  process.exitCode = 1;
}
