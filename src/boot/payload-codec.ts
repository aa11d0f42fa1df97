// Seals what Temporal stores for us (operations O5): inputs, results, details and summaries, with a key that Temporal never has. Without a
// key nothing is sealed; what is not sealed is read as it is, so both may stand in one history.
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { DataConverter, Payload, PayloadCodec } from '@temporalio/common';
import temporalProto from '@temporalio/proto';
import { readPipelineWorkflowId } from '../domain/pipeline/run-id.ts';
import { readPublishWorkflowId } from '../domain/temporal/workflow-id.ts';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** The mark of what we sealed; whatever has another is left as it is. */
const ENCODING = 'binary/oncepost-sealed';
const KEY_FIELD = 'oncepost-key';
/** Whose it is, by name; empty for what is of no workspace. It is proved with the rest. */
const WORKSPACE_FIELD = 'oncepost-workspace';

const proto = temporalProto.temporal.api.common.v1.Payload;

/** A payload is sealed with a key that this process has not: add it to ONCEPOST_PAYLOAD_KEY, after the present one. */
class PayloadKeyMissing extends Error {
  override readonly name = 'PayloadKeyMissing';
  constructor(keyId: string) {
    super(
      `A payload in Temporal is sealed with the key ${keyId}, which ONCEPOST_PAYLOAD_KEY does not hold; add that key after the present one, and start again.`,
    );
  }
}

/** The name of a key, which tells nothing of it. */
const idOf = (key: Uint8Array): string =>
  createHash('sha256').update('oncepost payload key').update(key).digest('hex').slice(0, 16);

/** Keys by which payloads are sealed and opened: the first seals, each opens. */
export interface PayloadKeys {
  seal(payload: Payload, workspace: string): Payload;
  /** What is not sealed is answered as it is. @throws PayloadKeyMissing; TypeError when it was altered */
  open(payload: Payload): Payload;
}

export function payloadKeys([newest, ...earlier]: readonly [Uint8Array, ...Uint8Array[]]): PayloadKeys {
  const byId = new Map([newest, ...earlier].map((key) => [idOf(key), key]));
  return { seal: (payload, workspace) => seal(payload, newest, workspace), open: (payload) => open(payload, byId) };
}

/** The workspace that a sealed payload is of; null: it is not sealed. */
export function workspaceOf({ metadata }: Payload): string | null {
  return textOf(metadata?.encoding) === ENCODING ? textOf(metadata?.[WORKSPACE_FIELD]) : null;
}

function codecOf(keys: PayloadKeys): PayloadCodec {
  return {
    encode: async (payloads, context) =>
      payloads.map((payload) => keys.seal(payload, workspaceIn(context?.workflowId ?? ''))),
    decode: async (payloads) => payloads.map((payload) => keys.open(payload)),
  };
}

const workspaceIn = (workflowId: string): string =>
  (readPublishWorkflowId(workflowId) ?? readPipelineWorkflowId(workflowId))?.workspaceName ?? '';

/** What workers and clients are given; nothing without a key. */
export function dataConverterOf(keys: readonly Uint8Array[]): { dataConverter?: DataConverter } {
  const [newest, ...earlier] = keys;
  return newest === undefined ? {} : { dataConverter: { payloadCodecs: [codecOf(payloadKeys([newest, ...earlier]))] } };
}

function seal(payload: Payload, key: Uint8Array, workspace: string): Payload {
  const keyId = idOf(key);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(proofOf(keyId, workspace));
  const sealed = Buffer.concat([cipher.update(proto.encode(payload).finish()), cipher.final()]);
  const metadata = {
    encoding: Buffer.from(ENCODING),
    [KEY_FIELD]: Buffer.from(keyId),
    [WORKSPACE_FIELD]: Buffer.from(workspace),
  };
  return { metadata, data: Buffer.concat([nonce, cipher.getAuthTag(), sealed]) };
}

function open(payload: Payload, byId: ReadonlyMap<string, Uint8Array>): Payload {
  const { metadata, data } = payload;
  const workspace = workspaceOf(payload);
  if (!data || workspace === null) return payload;
  const keyId = textOf(metadata?.[KEY_FIELD]);
  const key = byId.get(keyId);
  if (!key) throw new PayloadKeyMissing(keyId);
  const tagEnd = NONCE_BYTES + TAG_BYTES;
  const decipher = createDecipheriv(CIPHER, key, data.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(proofOf(keyId, workspace))
    .setAuthTag(data.subarray(NONCE_BYTES, tagEnd));
  try {
    return proto.decode(Buffer.concat([decipher.update(data.subarray(tagEnd)), decipher.final()]));
  } catch {
    throw new TypeError(`a payload that is sealed with the key ${keyId} was altered`);
  }
}

/** Key and workspace, each after its length. */
const proofOf = (keyId: string, workspace: string): Buffer =>
  Buffer.from(`${keyId.length}:${keyId}${workspace.length}:${workspace}`);

const textOf = (bytes: Uint8Array | null | undefined): string => (bytes ? Buffer.from(bytes).toString('utf8') : '');
