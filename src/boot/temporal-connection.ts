// Connects to Temporal as `TEMPORAL_*` and temporal.toml say: address, namespace, TLS and API key without a code change.
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection, isGrpcServiceError } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';
import { systemClock } from '../runtime/clock.ts';
import type { Settings } from '../runtime/settings/settings.ts';
import { StartAgainLater, StartRefused } from '../runtime/start-refused.ts';
import { dataConverterOf } from './payload-codec.ts';
import { type AttributeGaps, attributeGaps } from './search-attributes.ts';

/** The client's gRPC would follow `http_proxy` by itself, the worker's cannot: both reach Temporal directly. */
const NO_PROXY = { 'grpc.enable_http_proxy': 0 };

/** So long a server may take to answer a process that starts. */
const ANSWERED_WITHIN_MS = 10_000;

/** The codes of gRPC by which Temporal refuses for good. */
const GRPC = { invalidArgument: 3, notFound: 5, permissionDenied: 7, unauthenticated: 16 } as const;

/** Where Temporal is, as the environment or a profile says. @throws StartRefused when neither can be read */
export function temporalTarget(defaultNamespace: string) {
  try {
    const config = loadClientConnectConfig({ overrideEnvVars: givenVariables() });
    return { options: config.connectionOptions, namespace: config.namespace ?? defaultNamespace };
  } catch (error) {
    // The lines after the first show the file, which holds an API key.
    const why = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    throw new StartRefused(
      `Temporal's configuration cannot be read (${why}); nothing was started; correct TEMPORAL_* or temporal.toml.`,
    );
  }
}

/** An empty variable counts as absent, as everywhere. */
function givenVariables(): Record<string, string> {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value) given[name] = value;
  return given;
}

/** A client; it connects with its first call, so that a server that is away for a moment stops nobody. */
export function openTemporalClient(
  defaultNamespace: string,
  payloadKeys: readonly Uint8Array[] = [],
): { client: Client; close(): Promise<void> } {
  const { options, namespace } = temporalTarget(defaultNamespace);
  const connection = Connection.lazy({ ...options, channelArgs: NO_PROXY });
  return {
    client: new Client({ connection, namespace, ...dataConverterOf(payloadKeys) }),
    close: () => connection.close(),
  };
}

/**
 * The connection of a worker, to a namespace that is there and has the search attributes.
 * @throws StartRefused when Temporal refuses the namespace or who we are, or lacks an attribute; StartAgainLater when it
 * does not answer
 */
export async function openWorkerConnection({
  namespace: { name: defaultNamespace },
  searchAttributes,
}: Pick<Settings, 'namespace' | 'searchAttributes'>): Promise<{ connection: NativeConnection; namespace: string }> {
  const { options, namespace } = temporalTarget(defaultNamespace);
  const address = options.address ?? 'localhost:7233';
  const connection = await connectInTime(options).catch((error: unknown) => {
    throw DENIED.test(String(error)) ? notLetIn(address, namespace) : unreachable(address, error);
  });
  try {
    const deadline = systemClock.machineNow().getTime() + ANSWERED_WITHIN_MS;
    await connection.withDeadline(deadline, () => connection.workflowService.describeNamespace({ namespace }));
  } catch (error) {
    await connection.close();
    throw refusalOf(address, namespace, error);
  }
  const gaps = await attributeGaps(connection.operatorService, namespace, searchAttributes).catch(() => NOT_TOLD);
  if (gaps.missing.length + gaps.otherType.length > 0) {
    await connection.close();
    throw lacksAttributes(address, namespace, gaps);
  }
  return { connection, namespace };
}

/** The core gives a connection no limit of its own: where packets vanish, nothing would be said for minutes. */
async function connectInTime(options: Parameters<typeof NativeConnection.connect>[0]): Promise<NativeConnection> {
  const connecting = NativeConnection.connect(options);
  const late = new AbortController();
  const limit = pause(ANSWERED_WITHIN_MS, null, { signal: late.signal }).catch(() => null);
  const connection = await Promise.race([connecting, limit]).finally(() => late.abort());
  if (connection) return connection;
  // Should it come about after all, nobody wants it any more.
  connecting.then((unwanted) => unwanted.close()).catch(() => {});
  throw new TypeError(`no answer within ${ANSWERED_WITHIN_MS / 1_000} s`);
}

/** Who may start workflows need not be allowed to list attributes. */
const NOT_TOLD: AttributeGaps = { missing: [], otherType: [] };

/** Temporal refuses every start that names an attribute it does not know. */
function lacksAttributes(address: string, namespace: string, { missing, otherType }: AttributeGaps): StartRefused {
  const [changed] = otherType;
  if (changed) {
    const [name, type] = changed;
    return new StartRefused(
      `The namespace "${namespace}" of Temporal at ${address} has the search attribute ${name} with another type than ${type} of temporal.yaml; nothing was started; give it its former type there, or a new name, then start again.`,
    );
  }
  const wanted = missing.map(([name, type]) => `--name ${name} --type ${type}`).join(', ');
  return new StartRefused(
    `The namespace "${namespace}" of Temporal at ${address} lacks search attributes of temporal.yaml, so no publish could be started there; nothing was started; create each with "temporal operator search-attribute create --namespace ${namespace}" and ${wanted}, then start again.`,
  );
}

function refusalOf(address: string, namespace: string, error: unknown): StartRefused | StartAgainLater {
  const code = isGrpcServiceError(error) ? error.code : undefined;
  if (code === GRPC.notFound || code === GRPC.invalidArgument) {
    return new StartRefused(
      `Temporal at ${address} has no namespace "${namespace}"; nothing was started; create it, or correct TEMPORAL_NAMESPACE or namespace.name in temporal.yaml, then start again.`,
    );
  }
  if (code === GRPC.unauthenticated || code === GRPC.permissionDenied) {
    return notLetIn(address, namespace);
  }
  return unreachable(address, error);
}

/** What the core calls the two codes of gRPC when the first call of a connection meets them; it tells no number. */
const DENIED = /does not have (?:valid authentication credentials|permission to execute)/;

function notLetIn(address: string, namespace: string): StartRefused {
  return new StartRefused(
    `Temporal at ${address} does not let us into the namespace "${namespace}"; nothing was started; correct TEMPORAL_API_KEY or the TLS certificate, then start again.`,
  );
}

function unreachable(address: string, error: unknown): StartAgainLater {
  const text = error instanceof Error ? error.message : String(error);
  // The core's own words are nested structures; the innermost message is what a person needs.
  const why = (/(?:message|error): "([^"]+)"/.exec(text)?.[1] ?? text).slice(0, 200);
  return new StartAgainLater(
    'Temporal',
    `Temporal does not answer at ${address} (${why})`,
    'start it, or correct TEMPORAL_ADDRESS or TEMPORAL_TLS*',
  );
}
