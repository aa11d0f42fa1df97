// All ports are looked at before anything is started, so a start that cannot succeed leaves nothing behind.
import { assertPortFree, type PortUse } from '../runtime/ports.ts';
import { StartRefused } from '../runtime/start-refused.ts';
import { postgresHoldsPort } from './postgres/postgres-running.ts';
import type { StartOptions } from './start-options.ts';
import { temporalPortsHeld } from './temporal/temporal.ts';

/** Refuses ports that are taken, except by our own servers from before, and one port given to two programs. */
export async function checkPorts(options: StartOptions, dataFolder: string): Promise<void> {
  const { ports, host } = options;
  const local = '127.0.0.1';
  const uses: PortUse[] = [
    { port: ports.server, host, purpose: 'the Oncepost server', variable: 'ONCEPOST_PORT' },
    { port: ports.sandbox, host: local, purpose: 'the sandbox', variable: 'ONCEPOST_SANDBOX_PORT' },
  ];
  const held: number[] = [];
  if (options.databaseUrl === undefined) {
    uses.push({ port: ports.postgres, host: local, purpose: 'PostgreSQL', variable: 'ONCEPOST_POSTGRES_PORT' });
    if (await postgresHoldsPort(dataFolder, ports.postgres)) held.push(ports.postgres);
  }
  if (options.temporalAddress === undefined) {
    uses.push(
      { port: ports.temporal, host: local, purpose: 'Temporal', variable: 'ONCEPOST_TEMPORAL_PORT' },
      { port: ports.temporalUi, host: local, purpose: 'the Temporal UI', variable: 'ONCEPOST_TEMPORAL_UI_PORT' },
    );
    held.push(...(await temporalPortsHeld(dataFolder, [ports.temporal, ports.temporalUi])));
  }
  assertAllDifferent(uses);
  for (const use of uses) if (!held.includes(use.port)) await assertPortFree(use);
}

function assertAllDifferent(uses: readonly PortUse[]): void {
  for (const [index, use] of uses.entries()) {
    const earlier = uses.slice(0, index).find(({ port }) => port === use.port);
    if (earlier === undefined) continue;
    throw new StartRefused(
      `Port ${use.port} is given to both ${earlier.purpose} and ${use.purpose}; nothing was started; set ${earlier.variable} or ${use.variable} to another port.`,
    );
  }
}
