// The way to the provider and back. What comes back is believed only for a flow that this browser began, and once.

import type { ProvenIdentity } from '../../domain/people/sign-in.ts';
import type { FlowSecrets, SignInProvider } from '../../identity/provider.ts';
import { NotProven, ProviderAway } from '../../identity/refusals.ts';
import { signInProven } from '../../ledger/people/provider-sign-in.ts';
import { openSignInFlow, type SignInFlow, takeSignInFlow } from '../../ledger/people/sign-in-flows.ts';
import { sha256Hex } from '../../runtime/ids.ts';
import type { PageContext, PagesDeps } from '../deps.ts';
import { nothingHere, PageRefused } from '../page-refused.ts';
import {
  leaveNotice,
  readSessionCookie,
  takeFlowCookie,
  writeFlowCookie,
  writeSessionCookie,
} from '../session/cookies.ts';
import { wayBack } from '../session/way-back.ts';
import { notLetInPage } from './not-let-in.ts';
import { signInPage } from './sign-in-page.ts';

/** Sends the browser to the provider. */
export async function goToProvider(c: PageContext, deps: PagesDeps): Promise<Response> {
  const provider = providerOf(deps);
  const back = wayBack(c.req.query('back'));
  const flow = await openSignInFlow(deps.ledger, back);
  try {
    const address = await provider.authorizeAddress(secretsOf(flow), { anew: c.req.query('anew') !== undefined });
    writeFlowCookie(c, deps, flow);
    return c.redirect(address, 303);
  } catch (error) {
    if (!(error instanceof ProviderAway)) throw error;
    return away(c, deps, { error, back });
  }
}

/** Takes the provider's answer. */
export async function comeBack(c: PageContext, deps: PagesDeps): Promise<Response> {
  const provider = providerOf(deps);
  const browser = takeFlowCookie(c, deps);
  const state = c.req.query('state');
  const flow = { state: state ?? '', browser: browser ?? '' };
  const taken = state && browser ? await takeSignInFlow(deps.ledger, flow) : null;
  if (taken === null) throw beginAnew();
  const { back } = taken;
  try {
    const proven = await provider.identify(new URL(c.req.url).search, secretsOf(flow));
    return await letIn(c, deps, { proven, back });
  } catch (error) {
    if (error instanceof ProviderAway) return away(c, deps, { error, back });
    if (error instanceof NotProven) return notProven(c, deps, { error, back });
    throw error;
  }
}

async function letIn(
  c: PageContext,
  deps: PagesDeps,
  { proven, back }: { readonly proven: ProvenIdentity; readonly back: string },
): Promise<Response> {
  const options = { ...deps.settings.sessions, replaces: readSessionCookie(c, deps) };
  const entered = await signInProven(deps.ledger, proven, options);
  if (entered.kind === 'refused') {
    return c.html(notLetInPage(entered.reason, { email: proven.email, back }), 403);
  }
  writeSessionCookie(c, deps, entered.session);
  leaveNotice(c, deps, { kind: 'done', text: 'You are signed in.' });
  return c.redirect(back, 303);
}

function providerOf({ provider }: PagesDeps): SignInProvider {
  if (provider === null) throw nothingHere();
  return provider;
}

/** Nonce and verifier come from what only this browser holds, so that neither stands anywhere else. */
function secretsOf({ state, browser }: SignInFlow): FlowSecrets {
  return {
    state,
    nonce: sha256Hex(`nonce\n${state}\n${browser}`),
    verifier: sha256Hex(`verifier\n${state}\n${browser}`),
  };
}

function beginAnew(): PageRefused {
  return new PageRefused(
    410,
    'This sign-in is over',
    'A sign-in works once, for ten minutes, and in the browser that began it, so nobody was signed in; go to /sign-in and begin again.',
  );
}

interface Failed<Refusal> {
  readonly error: Refusal;
  readonly back: string;
}

function away(c: PageContext, deps: PagesDeps, { error, back }: Failed<ProviderAway>) {
  deps.log.warn({ err: error }, 'the sign-in provider cannot be used');
  const problem = 'The sign-in provider does not answer as it should, so nobody was signed in; try again in a moment.';
  return c.html(signInPage(deps, back, problem), 503, { 'Retry-After': '5' });
}

function notProven(c: PageContext, deps: PagesDeps, { error, back }: Failed<NotProven>) {
  if (!error.declined) deps.log.warn({ err: error }, "a sign-in provider's answer was not taken");
  const problem = error.declined
    ? 'You did not agree to it at the provider, so nobody was signed in; sign in again when you want to.'
    : 'The answer of the sign-in provider does not prove who you are, so nobody was signed in; sign in again, and tell an admin of your workspace if it stays so.';
  return c.html(signInPage(deps, back, problem), 400);
}
