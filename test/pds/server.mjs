// Runs a real PLC directory and a real PDS in this process, until stdin closes:
//   node server.mjs <data folder> <pds port> <plc port>
// Prints one JSON line: {"url","plcUrl"} once /xrpc/_health answers, or {"error"} with what stopped the start.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [dataFolder, pdsPort, plcPort] = process.argv.slice(2);
const pdsUrl = `http://127.0.0.1:${pdsPort}`;
const plcUrl = `http://127.0.0.1:${plcPort}`;
mkdirSync(dataFolder, { recursive: true });

/** Keys live in the data folder, so that tokens stay valid over a restart. */
function secrets() {
  const file = join(dataFolder, 'secrets.json');
  if (!existsSync(file)) {
    const hex = () => randomBytes(32).toString('hex');
    const fresh = {
      PDS_JWT_SECRET: hex(),
      PDS_ADMIN_PASSWORD: hex(),
      PDS_DPOP_SECRET: hex(),
      PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX: hex(),
    };
    writeFileSync(file, JSON.stringify(fresh), { mode: 0o600 });
  }
  return JSON.parse(readFileSync(file, 'utf8'));
}

Object.assign(process.env, secrets(), {
  LOG_ENABLED: '1',
  LOG_DESTINATION: join(dataFolder, 'server.log'),
  PDS_PORT: pdsPort,
  PDS_HOSTNAME: 'localhost',
  PDS_DEV_MODE: '1',
  PDS_DATA_DIRECTORY: dataFolder,
  PDS_BLOBSTORE_DISK_LOCATION: join(dataFolder, 'blobs'),
  PDS_DID_PLC_URL: plcUrl,
  PDS_INVITE_REQUIRED: '0',
  PDS_SERVICE_HANDLE_DOMAINS: '.test',
  PDS_DISABLE_SSRF_PROTECTION: '1',
});

/** Both servers; imported only now, because their loggers read the environment when they are loaded. */
async function start() {
  const { PlcServer } = await import('@did-plc/server');
  const { FilePlcDatabase } = await import('./plc-file.mjs');
  const { PDS, envToCfg, envToSecrets, readEnv } = await import('@atproto/pds');
  const database = await FilePlcDatabase.open(join(dataFolder, 'plc.jsonl'));
  const plc = PlcServer.create({ db: database, port: Number(plcPort) });
  await plc.start();
  const env = readEnv();
  const pds = await PDS.create(envToCfg(env), envToSecrets(env));
  await pds.start();
  return { plc, pds };
}

async function main() {
  const { plc, pds } = await start();
  const health = await fetch(`${pdsUrl}/xrpc/_health`);
  if (!health.ok) throw new Error(`the PDS answered its health check with ${health.status}`);
  process.stdin.resume();
  process.stdin.once('close', async () => {
    await pds.destroy();
    await plc.destroy();
    process.exit(0);
  });
  process.stdout.write(`${JSON.stringify({ url: pdsUrl, plcUrl })}\n`);
}

main().catch((error) => {
  console.error(error);
  process.stdout.write(`${JSON.stringify({ error: error.code ?? error.message })}\n`, () => process.exit(1));
});
