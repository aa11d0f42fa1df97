// The calls of the client about proof.
import {
  type ProofExport,
  type ProofExportRequestInput,
  type ProofExports,
  proofExportRequestSchema,
  proofExportSchema,
  proofExportsSchema,
} from '../domain/proof/export-request.ts';
import { fieldProblems } from '../domain/schedules/schedule-request.ts';
import { type Connection, call, download, pause } from './call.ts';
import { invalidRequest } from './errors.ts';

export interface ProofWaitOptions {
  readonly signal?: AbortSignal;
  /** Called when the export is first seen and after every change. */
  readonly onChange?: (seen: ProofExport) => void;
}

/** Every call throws OncepostRefused or OncepostUnreachable. */
export interface ProofCalls {
  /** Asks for a bundle; it is made in the background. */
  ask(request: ProofExportRequestInput, headers: Readonly<Record<string, string>>): Promise<ProofExport>;
  list(): Promise<ProofExports>;
  get(id: string): Promise<ProofExport>;
  /** Waits until the export is done or has failed, and answers it. */
  waitForEnd(id: string, options?: ProofWaitOptions): Promise<ProofExport>;
  /** The bytes of a bundle, as they come. */
  download(id: string): Promise<ReadableStream<Uint8Array>>;
}

const FIRST_LOOK_MS = 100;
const SLOWEST_LOOK_MS = 2_000;

/** Makes the calls over a connection. */
export function proofCalls(connection: Connection): ProofCalls {
  const path = (id: string) => `/api/proof/exports/${encodeURIComponent(id)}`;
  const calls: ProofCalls = {
    async ask(request, headers) {
      const parsed = proofExportRequestSchema.safeParse(request);
      if (!parsed.success) throw invalidRequest(fieldProblems(parsed.error));
      const body = parsed.data;
      return call(connection, { method: 'POST', path: '/api/proof/exports', body, headers, answer: proofExportSchema });
    },
    list: () => call(connection, { method: 'GET', path: '/api/proof/exports', answer: proofExportsSchema }),
    get: (id) => call(connection, { method: 'GET', path: path(id), answer: proofExportSchema }),
    waitForEnd: (id, options = {}) => waitForEnd(calls, id, options),
    download: (id) => download(connection, `${path(id)}/file`),
  };
  return calls;
}

async function waitForEnd(calls: ProofCalls, id: string, { signal, onChange }: ProofWaitOptions): Promise<ProofExport> {
  let seen = '';
  for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(pauseMs * 1.5, SLOWEST_LOOK_MS)) {
    signal?.throwIfAborted();
    const found = await calls.get(id);
    const now = JSON.stringify(found);
    if (now !== seen) onChange?.(found);
    seen = now;
    if (found.state === 'done' || found.state === 'failed') return found;
    await pause(pauseMs, signal);
  }
}
