// Records the histories that the replay check replays, under the version of package.json; run by hand when a shape is added
// and before a release, never to make the check pass: `node test/histories/record.ts [name...]`. Without names it records
// what that version has not stored yet. The corpus of a version that was released is never recorded again.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServers } from '../harness/servers.ts';
import { openStageOn, type Stage } from '../harness/stage-on.ts';
import { startShortHistoryServer } from '../workflow/short-history-server.ts';
import { storedHistory } from './scrub.ts';
import { SHAPES } from './shapes.ts';
import { namesOf, THIS_VERSION } from './stored.ts';

const folder = fileURLToPath(new URL(`./${THIS_VERSION}/`, import.meta.url));

async function record(stage: Stage, name: string): Promise<void> {
  const play = SHAPES[name];
  if (!play) throw new TypeError(`there is no shape ${name}`);
  const { workflowId, runId } = await play(stage);
  const history = await stage.temporal.workflow.getHandle(workflowId, runId).fetchHistory();
  writeFileSync(join(folder, `${name}.json`), storedHistory(history));
  console.log(`${name}: ${history.events?.length} events`);
}

const named = process.argv.slice(2);
const stored = namesOf(THIS_VERSION);
const wanted = named.length > 0 ? named : Object.keys(SHAPES).filter((name) => !stored.includes(name));
mkdirSync(folder, { recursive: true });
const servers = await startServers();
const temporal = await startShortHistoryServer(servers.temporalProgram);
const stage = await openStageOn({ postgresUrl: servers.postgresUrl, temporalAddress: temporal.address });
await stage.startWorker();
try {
  for (const name of wanted) await record(stage, name);
} finally {
  await stage.close();
  await temporal.stop();
  await servers.stop();
}
