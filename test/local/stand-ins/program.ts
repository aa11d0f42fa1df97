// Stands where one of our own programs stands under the supervisor: `program.ts <name> <behaviour>`. Each run leaves one line in
// the file `seen` of the data folder, with what it was given.
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

const [name = '', behaviour = ''] = process.argv.slice(2);
const { ONCEPOST_DATA = '', DATABASE_URL, TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, ONCEPOST_SECRET_KEY } = process.env;
const { ONCEPOST_HOST, ONCEPOST_PORT, ONCEPOST_SANDBOX_PORT, OF_THE_USER } = process.env;
const given = { DATABASE_URL, TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, ONCEPOST_SECRET_KEY, ONCEPOST_HOST, ONCEPOST_PORT };
const seen = { name, pid: process.pid, given: { ...given, ONCEPOST_SANDBOX_PORT, OF_THE_USER } };
appendFileSync(join(ONCEPOST_DATA, 'seen'), `${JSON.stringify(seen)}\n`);

function stay(): void {
  setInterval(() => {}, 60_000);
  process.on('SIGTERM', () => process.exit(0));
  process.send?.({ type: 'ready' });
}

function end(code: number, words: string): void {
  process.stderr.write(`${words}\n`, () => process.exit(code));
}

const behaviours: Readonly<Record<string, () => void>> = {
  once: () => console.log('done'),
  stays: () => {
    process.on('disconnect', () => process.exit(0));
    stay();
  },
  /** Never notices that the supervisor is gone. */
  clings: stay,
  logsErrors: () => {
    for (const _ of [1, 2, 3]) console.log(JSON.stringify({ level: 50, msg: 'the platform answered 500' }));
    console.log(JSON.stringify({ level: 30, msg: 'nothing to see' }));
    stay();
  },
  breaks: () => end(1, 'cannot open the journal'),
  refuses: () =>
    end(78, 'temporal.yaml line 7: heartbeat must be shorter than attempt; nothing was started; correct it.'),
  refusesLater: () => {
    process.on('SIGUSR2', () => end(78, 'the database is of a newer version; it is untouched; start that version.'));
    stay();
  },
};
behaviours[behaviour]?.();
