// Makes what arrives readable before the SDK sees it: a value that nobody can decode, or a name that the SDK keeps for
// itself, would fail the workflow task for ever. So they become nonsense like any other: recorded and refused.
import { defaultPayloadConverter, METADATA_ENCODING_KEY, type Payload } from '@temporalio/common';
import type { ActivateInput, WorkflowInterceptors } from '@temporalio/workflow';
import { isShallow } from '../src/domain/plain-text.ts';

type Job = NonNullable<ActivateInput['activation']['jobs']>[number];

const RESERVED = '__temporal_';

/** What stands in the place of a value that nobody can read. */
const UNREADABLE = defaultPayloadConverter.toPayload('(a value that cannot be read)');

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
    const json = encodingOf(payload) === 'json/protobuf' ? asPlainJson(payload) : payload;
    const value: unknown = defaultPayloadConverter.fromPayload(json);
    if (ArrayBuffer.isView(value)) return UNREADABLE;
    // What is nested too deeply can be read, but never written again.
    return isShallow(value) ? json : UNREADABLE;
  } catch {
    return UNREADABLE;
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
