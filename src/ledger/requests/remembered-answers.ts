// The first answer to an Idempotency-Key, given again for as long as it is kept, errors included.
import { and, eq, isNull, lt } from 'drizzle-orm';
import type { Ledger } from '../ledger.ts';
import { rememberedAnswers } from '../schema/records.ts';

/** How long an answer is kept. */
const KEPT_MS = 48 * 3_600_000;
/** No request takes this long: whoever has not answered by then died, and its key is free again. */
const ANSWERED_WITHIN_MS = 60_000;

export interface KeyedRequest {
  readonly workspaceId: string;
  readonly operation: string;
  readonly key: string;
  /** SHA-256 of the request's parameters, hex. */
  readonly requestHash: string;
}

export interface RememberedAnswer {
  readonly status: number;
  readonly body: unknown;
}

export type Claim =
  /** The request is the first of its key: answer it, then `rememberAnswer` or `forgetClaim`. */
  | { readonly kind: 'first' }
  | { readonly kind: 'answered'; readonly answer: RememberedAnswer }
  | { readonly kind: 'in_progress' }
  /** The key came before with other parameters. */
  | { readonly kind: 'reused' };

/** Claims a key for a request, atomically among all servers. */
export async function claimKey(ledger: Ledger, request: KeyedRequest): Promise<Claim> {
  const now = ledger.clock.now();
  const { requestHash } = request;
  const inserted = await ledger.db
    .insert(rememberedAnswers)
    .values({ ...request, createdAt: now })
    .onConflictDoNothing()
    .returning({ key: rememberedAnswers.key });
  if (inserted.length === 1) return { kind: 'first' };
  const [known] = await ledger.db.select().from(rememberedAnswers).where(rowOf(request));
  // It was forgotten between the two statements: somebody else may take it first.
  if (!known) return { kind: 'in_progress' };
  const ageMs = now.getTime() - known.createdAt.getTime();
  const lapsed = known.status === null ? ageMs > ANSWERED_WITHIN_MS : ageMs > KEPT_MS;
  if (lapsed) return takeOver(ledger, request, known.createdAt);
  if (known.requestHash !== requestHash) return { kind: 'reused' };
  if (known.status === null) return { kind: 'in_progress' };
  return { kind: 'answered', answer: { status: known.status, body: known.body } };
}

/** Keeps the answer of a claimed request. */
export async function rememberAnswer(ledger: Ledger, request: KeyedRequest, answer: RememberedAnswer): Promise<void> {
  await ledger.db.update(rememberedAnswers).set({ status: answer.status, body: answer.body }).where(rowOf(request));
}

/** Frees a claimed key whose request was not really answered: the caller may send it again. */
export async function forgetClaim(ledger: Ledger, request: KeyedRequest): Promise<void> {
  await ledger.db.delete(rememberedAnswers).where(and(rowOf(request), isNull(rememberedAnswers.status)));
}

/** Drops what is no longer kept. */
export async function forgetOldAnswers(ledger: Ledger): Promise<void> {
  const before = new Date(ledger.clock.now().getTime() - KEPT_MS);
  await ledger.db.delete(rememberedAnswers).where(lt(rememberedAnswers.createdAt, before));
}

async function takeOver(ledger: Ledger, request: KeyedRequest, createdAt: Date): Promise<Claim> {
  const taken = await ledger.db
    .update(rememberedAnswers)
    .set({ requestHash: request.requestHash, status: null, body: null, createdAt: ledger.clock.now() })
    .where(and(rowOf(request), eq(rememberedAnswers.createdAt, createdAt)))
    .returning({ key: rememberedAnswers.key });
  return { kind: taken.length === 1 ? 'first' : 'in_progress' };
}

function rowOf({ workspaceId, operation, key }: KeyedRequest) {
  return and(
    eq(rememberedAnswers.workspaceId, workspaceId),
    eq(rememberedAnswers.operation, operation),
    eq(rememberedAnswers.key, key),
  );
}
