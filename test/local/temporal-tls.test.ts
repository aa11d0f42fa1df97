// A Temporal behind TLS, a client certificate and an API key, as a profile of temporal.toml names it: the worker and the
// server work with it, and nothing but the environment has changed.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { waitOf } from '../bad-input/refused-start.ts';
import { freePort } from '../harness/free-port.ts';
import { oncepost, startProgram } from '../harness/program.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { startTlsFront, TLS_FILES, type TlsFront } from '../harness/tls-front.ts';
import { WORKSPACE } from '../harness/workflow-id.ts';

const API_KEY = 'a-key-that-temporal-knows';

let stage: Stage;
let front: TlsFront;
beforeAll(async () => {
  stage = await openStage();
  front = await startTlsFront(stage.env.TEMPORAL_ADDRESS ?? '', API_KEY);
});
afterAll(async () => {
  await stage.close();
  await front.close();
});

/** The environment that names the front in a profile, and Temporal in no other way. */
async function profiled(apiKey: string, certificate = true): Promise<Record<string, string>> {
  const tls = [
    `server_ca_cert_path = "${TLS_FILES.ca}"`,
    'server_name = "temporal.test"',
    ...(certificate
      ? [`client_cert_path = "${TLS_FILES.clientCert}"`, `client_key_path = "${TLS_FILES.clientKey}"`]
      : []),
  ];
  const profile = [
    '[profile.cloud]',
    `address = "${front.address}"`,
    'namespace = "default"',
    `api_key = "${apiKey}"`,
    '[profile.cloud.tls]',
    ...tls,
  ];
  const file = join(stage.folder, `temporal-${crypto.randomUUID()}.toml`);
  await writeFile(file, profile.join('\n'));
  const { TEMPORAL_ADDRESS: _, TEMPORAL_NAMESPACE: __, ...env } = stage.env;
  return { ...env, TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: 'cloud' };
}

it('a worker publishes through it, and the server starts publishes', async () => {
  const { card } = await stage.connectSandboxAccount({ platform: 'x', name: 'behind-tls' });
  const port = await freePort();
  const env = { ...(await profiled(API_KEY)), ONCEPOST_PORT: String(port) };
  const worker = await startProgram(['worker'], env);
  const server = await startProgram(['server'], env);
  const key = await oncepost(['keys', 'create', '--workspace', WORKSPACE, '--name', 'test'], stage.env);
  const before = front.passed();
  const published = await oncepost(['publish', '--account', 'behind-tls', '--text', 'Through TLS'], {
    ONCEPOST_URL: `http://127.0.0.1:${port}`,
    ONCEPOST_API_KEY: key.stdout.trim(),
  });
  expect(published).toMatchObject({ code: 0, stdout: expect.stringMatching(/^https:\/\/x\.com\//) });
  expect(front.passed()).toBeGreaterThan(before);
  expect(await stage.sandbox.live({ platform: 'x', account: card.id })).toHaveLength(1);
  for (const program of [server, worker]) await program.kill('SIGTERM');
  expect([server.child.exitCode, worker.child.exitCode]).toEqual([0, 0]);
});

it('a worker whose API key is not known there says so, and does not start', async () => {
  const { code, stderr } = await oncepost(['worker'], await profiled('another-key'));
  expect(code).toBe(1);
  expect(stderr.trim().split('\n').at(-1)).toBe(
    `Temporal at ${front.address} does not let us into the namespace "default"; nothing was started; correct TEMPORAL_API_KEY or the TLS certificate, then start again.`,
  );
  expect(stderr).not.toContain('another-key');
});

it('a worker without its certificate says that Temporal does not answer, and waits for it', async () => {
  expect(await waitOf('worker', await profiled(API_KEY, false))).toMatch(/Temporal does not answer at .+/);
});
