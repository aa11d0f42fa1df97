// Connects to Temporal as `TEMPORAL_*` and temporal.toml say: address, namespace, TLS and API key without a code change.
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';
import { StartRefused } from './start-refused.ts';

/** Where Temporal is, as the environment or a profile says. @throws StartRefused when neither can be read */
export function temporalTarget(defaultNamespace: string) {
  try {
    const config = loadClientConnectConfig();
    return { options: config.connectionOptions, namespace: config.namespace ?? defaultNamespace };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StartRefused(
      `Temporal's configuration cannot be read (${why}); nothing was started; correct TEMPORAL_* or temporal.toml.`,
    );
  }
}

/** A client; it connects with its first call, so that a server that is away for a moment stops nobody. */
export function openTemporalClient(defaultNamespace: string): { client: Client; close(): Promise<void> } {
  const { options, namespace } = temporalTarget(defaultNamespace);
  const connection = Connection.lazy(options);
  return { client: new Client({ connection, namespace }), close: () => connection.close() };
}

/** The connection of a worker. @throws StartRefused when the server does not answer */
export async function openWorkerConnection(
  defaultNamespace: string,
): Promise<{ connection: NativeConnection; namespace: string }> {
  const { options, namespace } = temporalTarget(defaultNamespace);
  try {
    return { connection: await NativeConnection.connect(options), namespace };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StartRefused(
      `Temporal does not answer at ${options.address ?? 'localhost:7233'} (${why}); nothing was lost; start it, or correct TEMPORAL_ADDRESS.`,
    );
  }
}
