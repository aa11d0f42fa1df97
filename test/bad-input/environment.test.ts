// A worker or server in an environment that cannot be right refuses to start and names the variable.
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { msToTs } from '@temporalio/common/lib/time.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { exitCodeUnderSupervisor, refusalOf, SECRETS, type Variables, waitOf } from './refused-start.ts';

const NOBODY = '127.0.0.1:1';

/** Variable, value, and what is said of it. */
const VALUES: readonly (readonly [variable: string, value: string, problem: string])[] = [
  ['DATABASE_URL', 'nonsense', 'must be a postgres:// address'],
  ['DATABASE_URL', `mysql://root:${SECRETS.password}@127.0.0.1/oncepost`, 'must be a postgres:// address'],
  ['DATABASE_URL', `postgres://u:${SECRETS.password}@127.0.0.1:99999/oncepost`, 'must be a postgres:// address'],
  ['ONCEPOST_SECRET_KEY', 'c2hvcnQ=', 'must be 32 bytes in base64: 43 characters and one ='],
  ['ONCEPOST_SECRET_KEY', randomBytes(31).toString('base64'), 'must be 32 bytes in base64: 43 characters and one ='],
  ['ONCEPOST_SECRET_KEY', randomBytes(33).toString('base64'), 'must be 32 bytes in base64: 43 characters and one ='],
  ['ONCEPOST_SECRET_KEY', randomBytes(32).toString('hex'), 'must be 32 bytes in base64: 43 characters and one ='],
  [
    'ONCEPOST_SECRET_KEY',
    `"${randomBytes(32).toString('base64')}"`,
    'must be 32 bytes in base64: 43 characters and one =',
  ],
  ['ONCEPOST_PORT', 'http', 'must be a port, from 0 to 65535'],
  ['ONCEPOST_PORT', '65536', 'must be a port, from 0 to 65535'],
  ['ONCEPOST_PORT', '-1', 'must be a port, from 0 to 65535'],
  ['ONCEPOST_PORT', ' ', 'must be a port, from 0 to 65535'],
  ['ONCEPOST_PORT', '0x1f', 'must be a port, from 0 to 65535'],
  ['ONCEPOST_SANDBOX_PORT', '7801.5', 'must be a port, from 0 to 65535'],
  ['ONCEPOST_POSTGRES_PORT', 'abc', 'must be a port, from 0 to 65535'],
  ['ONCEPOST_TEMPORAL_PORT', 'abc', 'must be a port, from 0 to 65535'],
  ['ONCEPOST_TEMPORAL_UI_PORT', 'abc', 'must be a port, from 0 to 65535'],
  ['ONCEPOST_TRUSTED_PROXIES', 'proxy.local', 'must be IP addresses separated by commas'],
  ['ONCEPOST_TRUSTED_PROXIES', '10.0.0.1,,10.0.0.2', 'must be IP addresses separated by commas'],
  ['ONCEPOST_ALLOW_PRIVATE_MEDIA', 'yes', 'must be 0 or 1'],
  ['ONCEPOST_LOG_LEVEL', 'loud', 'must be one of fatal, error, warn, info, debug, trace, silent'],
  ['ONCEPOST_METRICS', '9464', 'must be host:port, like 127.0.0.1:9464'],
  ['ONCEPOST_URL', 'ftp://127.0.0.1', 'must be an http or https address'],
  [
    'ONCEPOST_API_KEY',
    `${SECRETS.apiKey} ${SECRETS.apiKey}`,
    'must be an API key: visible ASCII characters without spaces',
  ],
  ['TEMPORAL_ADDRESS', 'http://127.0.0.1:7233', 'must be host:port, like 127.0.0.1:7233'],
  ['TEMPORAL_ADDRESS', 'temporal:grpc', 'must be host:port, like 127.0.0.1:7233'],
  ['TEMPORAL_TLS', 'yes', 'must be 0, 1, true or false'],
  ['TEMPORAL_TLS_DISABLE_HOST_VERIFICATION', 'True', 'must be 0, 1, true or false'],
  ['TEMPORAL_CONFIG_FILE', '/nowhere/temporal.toml', 'must name a file that is there'],
];

describe('a start is refused', () => {
  let stage: Stage;
  let stranger: Server;
  let takenPort: number;
  beforeAll(async () => {
    stage = await openStage();
    stranger = createServer();
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const address = stranger.address();
    takenPort = typeof address === 'object' && address ? address.port : 0;
  });
  afterAll(async () => {
    stranger.close();
    await stage.close();
  });

  const env = (change: Variables = {}): Variables => ({
    ...stage.env,
    TEMPORAL_API_KEY: SECRETS.temporalKey,
    TEMPORAL_TLS: '0',
    ...change,
  });
  const without = (name: string): Variables =>
    Object.fromEntries(Object.entries(env()).filter(([key]) => key !== name));

  it.each(VALUES)('for %s=%s', async (name, value, problem) => {
    expect(await refusalOf('worker', env({ [name]: value }))).toBe(
      `The environment variable ${name} cannot be used: ${problem}; nothing was started; correct it and start again.`,
    );
  });

  it.each([
    ['worker', 'DATABASE_URL', 'the address of PostgreSQL'],
    ['worker', 'ONCEPOST_SECRET_KEY', '32 random bytes in base64 that seal the grants'],
    ['server', 'DATABASE_URL', 'the address of PostgreSQL'],
    ['server', 'ONCEPOST_SECRET_KEY', '32 random bytes in base64 that seal the grants'],
  ])('of a %s without %s', async (command, name, what) => {
    const says = `${name} is not set (${what}); nothing was started; set it, or use "npm start", which brings its own.`;
    expect(await refusalOf(command, without(name))).toBe(says);
    expect(await refusalOf(command, env({ [name]: '' }))).toBe(says);
  });

  it('of a migration without DATABASE_URL', async () => {
    expect(await refusalOf('migrate', without('DATABASE_URL'))).toBe(
      'DATABASE_URL is not set, so there is no database to migrate; set it, or use "npm start".',
    );
  });

  it('not of a worker where Temporal does not answer: it waits', async () => {
    expect(await waitOf('worker', env({ TEMPORAL_ADDRESS: NOBODY }))).toBe(
      `Temporal does not answer at ${NOBODY} (Connection refused); what is stored is safe; this process waits for it, and goes on by itself`,
    );
  });

  it('not of a worker where something else answers for Temporal: it waits', async () => {
    const { host } = new URL(stage.databaseUrl);
    expect(await waitOf('worker', env({ TEMPORAL_ADDRESS: host }))).toContain(`Temporal does not answer at ${host} (`);
  });

  it('of a worker for a namespace that Temporal does not have', async () => {
    expect(await refusalOf('worker', env({ TEMPORAL_NAMESPACE: 'nowhere' }))).toBe(
      `Temporal at ${stage.env.TEMPORAL_ADDRESS} has no namespace "nowhere"; nothing was started; create it, or correct TEMPORAL_NAMESPACE or namespace.name in temporal.yaml, then start again.`,
    );
    expect(await exitCodeUnderSupervisor('worker', env({ TEMPORAL_NAMESPACE: 'nowhere' }))).toBe(78);
  });

  it('of a worker for a namespace that lacks the search attributes, with the command that makes them', async () => {
    const { connection } = stage.temporal;
    const namespace = `bare-${stage.taskQueue}`;
    const workflowExecutionRetentionPeriod = msToTs(86_400_000);
    await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod });
    // A new namespace is known to every part of the server a little later.
    await until('it is there', () =>
      connection.operatorService.listSearchAttributes({ namespace }).then(
        () => true,
        () => false,
      ),
    );
    expect(await refusalOf('worker', env({ TEMPORAL_NAMESPACE: namespace }))).toBe(
      `The namespace "${namespace}" of Temporal at ${stage.env.TEMPORAL_ADDRESS} lacks search attributes of temporal.yaml, so no publish could be started there; nothing was started; create each with "temporal operator search-attribute create --namespace ${namespace}" and --name PublishState --type Keyword, --name PublishCause --type Keyword, --name PublishPlatform --type Keyword, --name PublishAccount --type Keyword, --name PublishWorkspace --type Keyword, then start again.`,
    );
  });

  it.each(['worker', 'server'])(
    'of a %s for a profile of Temporal that is not there, or cannot be read',
    async (command) => {
      expect(await refusalOf(command, env({ TEMPORAL_PROFILE: 'nowhere' }))).toBe(
        "Temporal's configuration cannot be read (Profile 'nowhere' not found in config data); nothing was started; correct TEMPORAL_* or temporal.toml.",
      );
      const file = join(stage.folder, 'temporal.toml');
      writeFileSync(file, `[profile.default]\napi_key = "${SECRETS.temporalKey}\n`);
      expect(await refusalOf(command, env({ TEMPORAL_CONFIG_FILE: file }))).toMatch(
        /^Temporal's configuration cannot be read \(Invalid TOML document: .+\); nothing was started; correct TEMPORAL_\* or temporal\.toml\.$/,
      );
      expect(
        await refusalOf(command, env({ TEMPORAL_TLS_CLIENT_KEY_PATH: '/nowhere/key.pem', TEMPORAL_TLS: '1' })),
      ).toContain("Temporal's configuration cannot be read (ENOENT");
    },
  );

  it('of a worker whose metrics have no port', async () => {
    const says = (address: string, why: string) =>
      `The metrics cannot be served on ${address} (${why}); nothing was started; set ONCEPOST_METRICS to a free port of an IP address of this machine, then start again.`;
    const taken = `127.0.0.1:${takenPort}`;
    expect(await refusalOf('worker', env({ ONCEPOST_METRICS: taken }))).toBe(
      says(taken, 'Failed to start prometheus metrics exporter: Address already in use (os error 98)'),
    );
    expect(await refusalOf('worker', env({ ONCEPOST_METRICS: 'localhost:9464' }))).toContain(
      'cannot be served on localhost:9464',
    );
  });

  it('of a server on a port that is taken, and on an address of another machine', async () => {
    expect(await refusalOf('server', env({ ONCEPOST_PORT: String(takenPort) }))).toBe(
      `Port ${takenPort} on 127.0.0.1, needed for the HTTP server, is used by another program; nothing was started or changed on it; stop that program, or set ONCEPOST_PORT to a free port, then start again.`,
    );
    for (const [host, code] of [
      ['nowhere.invalid', '(ENOTFOUND|EAI_AGAIN)'],
      ['192.0.2.1', 'EADDRNOTAVAIL'],
    ] as const) {
      expect(await refusalOf('server', env({ ONCEPOST_HOST: host }))).toMatch(
        new RegExp(
          `^The address ${host}, needed for the HTTP server, is none of this machine \\(the system says ${code}\\); nothing was started; set ONCEPOST_HOST to an address of this machine, then start again\\.$`,
        ),
      );
    }
  });
});
