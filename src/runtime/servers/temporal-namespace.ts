// Sees that a Temporal server really answers for our namespace, with our search attributes and retention. The dev server's own
// flag registers attributes only when it creates the namespace, so later additions are made here.
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import type { SearchAttributeType } from '../settings/settings.ts';
import { StartRefused } from '../start-refused.ts';

/** What the namespace shall be. `searchAttributes` are as in temporal.yaml. */
export interface NamespaceWanted {
  readonly namespace: string;
  readonly searchAttributes: Readonly<Record<string, SearchAttributeType>>;
  readonly retentionMs?: number;
}

/** temporal.api.enums.v1.IndexedValueType, by the names the server's flags use. */
const indexedValueTypes: Readonly<Record<SearchAttributeType, number>> = {
  Text: 1,
  Keyword: 2,
  Int: 3,
  Double: 4,
  Bool: 5,
  Datetime: 6,
  KeywordList: 7,
};

/** True when the server at the address answers and the namespace is as wanted (made so where it can be). */
export async function namespaceReady(address: string, wanted: NamespaceWanted): Promise<boolean> {
  let connection: Connection;
  try {
    connection = await Connection.connect({ address, connectTimeout: 2_000 });
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
  { namespace, searchAttributes }: NamespaceWanted,
): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing: Record<string, number> = {};
  for (const [name, typeName] of Object.entries(searchAttributes)) {
    const type = indexedValueTypes[typeName];
    const there = customAttributes?.[name];
    if (there === undefined) missing[name] = type;
    else if (there !== type) throw typeChanged(name, typeName);
  }
  if (Object.keys(missing).length > 0) {
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: missing });
  }
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
