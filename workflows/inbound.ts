// Makes what arrives readable before the SDK sees it: a value that nobody can decode, or a name that the SDK keeps for
// itself, would fail the workflow task for ever. So they become nonsense like any other: recorded and refused.
import { defaultPayloadConverter, METADATA_ENCODING_KEY, type Payload } from '@temporalio/common';
import type { ActivateInput, WorkflowInterceptors } from '@temporalio/workflow';
import { isShallow } from '../src/domain/text/plain-text.ts';
import { UNREADABLE } from './unreadable.ts';

type Job = NonNullable<ActivateInput['activation']['jobs']>[number];

const RESERVED = '__temporal_';

const UNREADABLE_PAYLOAD = defaultPayloadConverter.toPayload(UNREADABLE);
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Found by the bundler; the SDK calls it for every run. */
export const interceptors = (): WorkflowInterceptors => ({
  internals: [
    {
      activate(input, next) {
        for (const job of input.activation.jobs ?? []) makeReadable(job);
        next(input);
      },
    },
  ],
});

function makeReadable({ initializeWorkflow: start, signalWorkflow: signal, doUpdate: update }: Job): void {
  if (start) start.arguments = start.arguments?.map(readable) ?? null;
  if (signal) {
    signal.input = signal.input?.map(readable) ?? null;
    signal.signalName = plainName(signal.signalName);
  }
  if (update) {
    update.input = update.input?.map(readable) ?? null;
    update.name = plainName(update.name);
  }
}

/** The payload as the JSON value it holds; the Temporal UI offers `json/protobuf` beside `json/plain` for the same text. */
function readable(payload: Payload): Payload {
  try {
    const encoding = encodingOf(payload);
    const json = encoding === 'json/protobuf' ? asPlainJson(payload) : payload;
    // The SDK would put replacement characters in the place of broken UTF-8, and they would be published.
    if (encoding.startsWith('json/')) utf8.decode(payload.data ?? new Uint8Array());
    const value: unknown = defaultPayloadConverter.fromPayload(json);
    if (ArrayBuffer.isView(value)) return UNREADABLE_PAYLOAD;
    // What is nested too deeply can be read, but never written again.
    return isShallow(value) ? json : UNREADABLE_PAYLOAD;
  } catch {
    return UNREADABLE_PAYLOAD;
  }
}

function encodingOf({ metadata }: Payload): string {
  const encoding = metadata?.[METADATA_ENCODING_KEY];
  return encoding ? new TextDecoder().decode(encoding) : '';
}

function asPlainJson({ data }: Payload): Payload {
  return { metadata: { [METADATA_ENCODING_KEY]: new TextEncoder().encode('json/plain') }, data: data ?? null };
}

function plainName(name: string | null | undefined): string {
  if (!name) return '(no name)';
  return name.startsWith(RESERVED) ? `(reserved) ${name}` : name;
}
