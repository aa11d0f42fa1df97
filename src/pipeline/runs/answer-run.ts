// Reads a message to a run as it came, and has the ledger answer it: whatever was sent, the reply is a verdict.

import { type Actor, selfDeclared } from '../../domain/people/actor.ts';
import type { RunKey } from '../../domain/pipeline/run-id.ts';
import {
  RUN_MESSAGE_SCHEMAS,
  type RunMessage,
  type RunMessageName,
  type RunVerdict,
} from '../../domain/pipeline/run-messages.ts';
import { fieldProblems } from '../../domain/schedules/schedule-request.ts';
import { plainJson, toPlainText } from '../../domain/text/plain-text.ts';
import { redact } from '../../domain/text/redact.ts';
import type { MadeArtifact } from '../../ledger/runs/close-stage.ts';
import { answerRunMessage, type IncomingRunMessage } from '../../ledger/runs/messages.ts';
import type { RunFacts } from '../../ledger/runs/run-facts.ts';
import { keepArtifact } from '../artifacts/artifact-bytes.ts';
import type { PipelineContext } from '../context.ts';
import { fittingFiles } from './handed-files.ts';

/** Kept of a message's body, in characters of JSON, and of its name. */
const RECORDED_CHARS = 2_000;
const NAME_CHARS = 200;

export interface RawRunMessage {
  readonly key: RunKey;
  readonly messageId: string;
  readonly name: string;
  /** Whatever one JSON value the sender chose, or nothing. */
  readonly body?: unknown;
  /** Proven by one of our own doors; a message without it came through Temporal, where nobody proves who they are. */
  readonly actor?: Actor | undefined;
  readonly fromOutside?: boolean;
}

type Context = Pick<PipelineContext, 'ledger' | 'store'>;

/** Null when the workspace has no such run. */
export function answerRun(context: Context, raw: RawRunMessage): Promise<RunVerdict | null> {
  const parsed = parse(raw);
  const said = 'name' in parsed ? parsed.body.requestedBy : undefined;
  return answerRunMessage(context.ledger, {
    key: raw.key,
    messageId: raw.messageId,
    name: toPlainText(raw.name, NAME_CHARS),
    body: recorded(raw.body),
    parsed,
    actor: raw.actor ?? selfDeclared(said),
    fromOutside: raw.fromOutside ?? false,
    ...(isSubmission(parsed) ? { handed: (facts) => handed(context, facts, parsed.body.files) } : {}),
  });
}

const isSubmission = (parsed: IncomingRunMessage['parsed']): parsed is Extract<RunMessage, { name: 'submit' }> =>
  'name' in parsed && parsed.name === 'submit';

async function handed(
  context: Context,
  { run, spec }: RunFacts,
  files: Extract<RunMessage, { name: 'submit' }>['body']['files'],
): Promise<readonly MadeArtifact[] | { readonly misfit: string }> {
  const fitting = fittingFiles(spec.artifacts, files);
  if ('misfit' in fitting) return fitting;
  return Promise.all(
    fitting.map(async ({ name, mediaType, bytes }) => ({
      name,
      mediaType,
      ...(await keepArtifact(context, run.workspaceId, bytes)),
    })),
  );
}

function parse({ name, body }: RawRunMessage): IncomingRunMessage['parsed'] {
  if (!isMessageName(name)) {
    return { refused: 'unknown_message', why: `Known are: ${Object.keys(RUN_MESSAGE_SCHEMAS).join(', ')}.` };
  }
  const parsed = RUN_MESSAGE_SCHEMAS[name].safeParse(body === undefined ? {} : body);
  if (parsed.success) return { name, body: withoutSecrets(parsed.data) } as RunMessage;
  const why = fieldProblems(parsed.error)
    .slice(0, 5)
    .map(({ field, problem }) => (field === '' ? problem : `${field}: ${problem}`))
    .join('; ');
  return { refused: 'malformed_message', why: `(${why})` };
}

/** Free text goes into the audit trail, from which nothing can be taken back. */
function withoutSecrets<Body extends { readonly note?: string | undefined }>(body: Body): Body {
  return body.note === undefined ? body : { ...body, note: redact(body.note, null) };
}

const isMessageName = (name: string): name is RunMessageName => Object.hasOwn(RUN_MESSAGE_SCHEMAS, name);

/** Files are artifacts of their own; the record names them. */
function recorded(body: unknown): unknown {
  const value = body === undefined ? {} : (body ?? 'null');
  const named = typeof value === 'object' && 'files' in value ? { ...value, files: namesOf(value.files) } : value;
  const text = redact(JSON.stringify(plainJson(named)), null, RECORDED_CHARS);
  try {
    return JSON.parse(text);
  } catch {
    return toPlainText(text);
  }
}

const namesOf = (files: unknown): unknown =>
  typeof files === 'object' && files !== null ? Object.keys(files) : typeof files;
