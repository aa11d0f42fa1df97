// The vocabulary of what can go wrong with a call. The name says when: before the platform acts, after, or long after.
import { z } from 'zod';

const ms = z.number().int().nonnegative();
const status = z.number().int().min(200).max(599);

/** The call never takes effect. */
const beforeSchemas = [
  /** Answers a documented error: one of the platform's presets by name, or one written out. */
  z.strictObject({ kind: z.literal('refuse_before'), preset: z.string() }),
  z.strictObject({
    kind: z.literal('refuse_before'),
    status,
    headers: z.record(z.string(), z.string()).default({}),
    /** A string goes out as it is, anything else as JSON. */
    body: z.unknown().optional(),
  }),
  z.strictObject({ kind: z.literal('reset_before') }),
  z.strictObject({ kind: z.literal('hang_before') }),
  /** Sends the caller elsewhere; without a location, to the same address again: one that follows really posts. */
  z.strictObject({
    kind: z.literal('redirect'),
    status: z.literal([301, 302, 303, 307, 308]).default(307),
    location: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal('unauthorized') }),
  z.strictObject({ kind: z.literal('rate_limited'), form: z.string().optional(), resetInMs: ms.default(60_000) }),
  z.strictObject({ kind: z.literal('html_error'), status: status.default(502) }),
  /** The platform says the content is already there; whether it is, the judge knows. */
  z.strictObject({ kind: z.literal('duplicate_refusal') }),
] as const;

/** The call takes effect, and its sender does not learn it, or not in time. */
const afterSchemas = [
  z.strictObject({ kind: z.literal('commit_then_hang') }),
  z.strictObject({ kind: z.literal('commit_then_reset') }),
  z.strictObject({
    kind: z.literal('commit_then_status'),
    status: status.default(500),
    form: z.enum(['text', 'html', 'json', 'empty']).default('text'),
  }),
  z.strictObject({ kind: z.literal('commit_then_garbage') }),
  z.strictObject({ kind: z.literal('commit_then_truncate') }),
  z.strictObject({ kind: z.literal('commit_then_slow'), ms }),
  /** A refusal that lies: the platform's own (Instagram: spam block 2207051), or another preset. */
  z.strictObject({ kind: z.literal('lying_refusal'), preset: z.string().optional() }),
] as const;

/** The call sits in a queue and takes effect `ms` later (real time), even when its sender is long gone. */
const lateSchemas = [z.strictObject({ kind: z.literal('commit_later'), ms })] as const;

/** The call is answered as usual; what it made behaves oddly. */
const effectSchemas = [
  z.strictObject({ kind: z.literal('processing_never_ends') }),
  z.strictObject({ kind: z.literal('processing_failed'), name: z.string().optional() }),
  z.strictObject({ kind: z.literal('hidden_from_list'), ms: z.union([ms, z.literal('forever')]) }),
] as const;

/** When a fault meets a call. */
export type FaultPhase = 'before' | 'late' | 'effect' | 'after';

const phases = { before: beforeSchemas, late: lateSchemas, effect: effectSchemas, after: afterSchemas } as const;
const phaseByKind = new Map<string, FaultPhase>();
for (const phase of ['before', 'late', 'effect', 'after'] as const) {
  for (const schema of phases[phase]) phaseByKind.set(schema.shape.kind.value, phase);
}

/** Any fault, as written in a schedule. */
export const faultSchema = z.union([...beforeSchemas, ...afterSchemas, ...lateSchemas, ...effectSchemas]);

/** A fault with its defaults filled in. */
export type Fault = z.infer<typeof faultSchema>;

/** When this fault meets its call. */
export function phaseOf(fault: Fault): FaultPhase {
  return phaseByKind.get(fault.kind) ?? 'before';
}
