// Tries to sign in through a provider: each for ten minutes, for one browser, and good for one answer.
import { and, eq, lt } from 'drizzle-orm';
import { newSecret, sha256 } from '../../runtime/ids.ts';
import type { Ledger } from '../ledger.ts';
import { signInFlows } from '../schema/sign-in.ts';

const FLOW_MS = 10 * 60_000;

/** The two secrets of a flow: one travels with the address, the other stays in the browser's cookie. */
export interface SignInFlow {
  readonly state: string;
  readonly browser: string;
}

/** Begins one; `back` is where the person wants to go. */
export async function openSignInFlow(ledger: Ledger, back: string): Promise<SignInFlow & { readonly expiresAt: Date }> {
  const [state, browser] = [newSecret(''), newSecret('')];
  const now = ledger.clock.now();
  const expiresAt = new Date(now.getTime() + FLOW_MS);
  const row = { state: sha256(state), browser: sha256(browser), back, createdAt: now, expiresAt };
  await ledger.db.insert(signInFlows).values(row);
  return { state, browser, expiresAt };
}

/** Uses one up; null when it is unknown, over, used before, or another browser's (which keeps it). */
export async function takeSignInFlow(ledger: Ledger, { state, browser }: SignInFlow): Promise<{ back: string } | null> {
  const [flow] = await ledger.db
    .delete(signInFlows)
    .where(and(eq(signInFlows.state, sha256(state)), eq(signInFlows.browser, sha256(browser))))
    .returning();
  return flow && flow.expiresAt > ledger.clock.now() ? { back: flow.back } : null;
}

/** Drops those that nobody has come back from. */
export async function forgetOldSignInFlows(ledger: Ledger): Promise<void> {
  await ledger.db.delete(signInFlows).where(lt(signInFlows.expiresAt, ledger.clock.machineNow()));
}
