// Sees that a Temporal server really answers for our namespace, with our search attributes and retention. The dev server's own
// flag registers attributes only when it creates the namespace, so later additions are made here.
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { attributeGaps, INDEXED_VALUE_TYPES, type SearchAttributes } from '../../boot/search-attributes.ts';
import { StartRefused } from '../../runtime/start-refused.ts';

/** What the namespace shall be. `searchAttributes` are as in temporal.yaml. */
export interface NamespaceWanted {
  readonly namespace: string;
  readonly searchAttributes: SearchAttributes;
  readonly retentionMs?: number;
}

/** True when the server at the address answers and the namespace is as wanted (made so where it can be). */
export async function namespaceReady(address: string, wanted: NamespaceWanted): Promise<boolean> {
  let connection: Connection;
  try {
    connection = await Connection.connect({
      address,
      connectTimeout: 2_000,
      // Of itself it would follow `http_proxy`.
      channelArgs: { 'grpc.enable_http_proxy': 0 },
    });
  } catch {
    return false;
  }
  try {
    await connection.withAbortSignal(AbortSignal.timeout(5_000), async () => {
      await addSearchAttributes(connection, wanted);
      await setRetention(connection, wanted);
    });
    return true;
  } catch (error) {
    if (error instanceof StartRefused) throw error;
    return false; // it listens already, but its services still come up
  } finally {
    await connection.close();
  }
}

async function addSearchAttributes(
  connection: Connection,
  { namespace, searchAttributes: wanted }: NamespaceWanted,
): Promise<void> {
  const { missing, otherType } = await attributeGaps(connection.operatorService, namespace, wanted);
  const [changed] = otherType;
  if (changed) throw typeChanged(...changed);
  if (missing.length === 0) return;
  const searchAttributes = Object.fromEntries(missing.map(([name, type]) => [name, INDEXED_VALUE_TYPES[type]]));
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
}

async function setRetention(connection: Connection, { namespace, retentionMs }: NamespaceWanted): Promise<void> {
  if (retentionMs === undefined) return;
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  const workflowExecutionRetentionTtl = msToTs(retentionMs);
  const there = config?.workflowExecutionRetentionTtl?.seconds;
  if (String(there) === String(workflowExecutionRetentionTtl.seconds)) return;
  await connection.workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl } });
}

function typeChanged(name: string, typeName: string): StartRefused {
  return new StartRefused(
    `The search attribute ${name} is stored in Temporal with another type than ${typeName} of temporal.yaml; running publishes are kept; give it its former type, or a new name.`,
  );
}
