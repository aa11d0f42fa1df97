// What a process says to its own machine and to Temporal goes through no proxy, whatever the environment says.
import { afterEach, expect, it, vi } from 'vitest';
import { openTemporalClient } from '../../src/boot/temporal-connection.ts';
import { keepLoopbackDirect } from '../../src/runtime/env.ts';
import { openStage } from '../harness/stage.ts';

afterEach(() => vi.unstubAllEnvs());

const NOBODY = 'http://127.0.0.1:1';

it('Temporal is reached though http_proxy names a proxy that is not there', async () => {
  const stage = await openStage();
  vi.stubEnv('TEMPORAL_ADDRESS', stage.env.TEMPORAL_ADDRESS);
  for (const name of ['grpc_proxy', 'https_proxy', 'http_proxy']) vi.stubEnv(name, NOBODY);
  const temporal = openTemporalClient('default');
  const deadline = Date.now() + 10_000;
  const { namespaceInfo } = await temporal.client.withDeadline(deadline, () =>
    temporal.client.workflowService.describeNamespace({ namespace: 'default' }),
  );
  expect(namespaceInfo?.name).toBe('default');
  await temporal.close();
  await stage.close();
});

it.each([
  [{ HTTPS_PROXY: 'p' }, 'localhost,127.0.0.1,::1'],
  [{ http_proxy: 'p', no_proxy: 'x.com 127.0.0.1' }, 'x.com,127.0.0.1,localhost,::1'],
  [{ http_proxy: 'p', NO_PROXY: '*' }, '*,localhost,127.0.0.1,::1'],
  [{}, undefined],
])('%j keeps this machine direct', (env: Record<string, string | undefined>, noProxy) => {
  keepLoopbackDirect(env);
  expect([env.no_proxy, env.NO_PROXY]).toEqual([noProxy, noProxy]);
});
