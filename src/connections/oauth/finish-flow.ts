// Ends a sign-in at a platform: the way back is taken once, by the session that began it.
import { z } from 'zod';
import { beginFlow, type FlowHolder, type OpenFlow, peekFlow, takeFlow } from '../../ledger/connections/flows.ts';
import type { Destination } from '../../platforms/contract.ts';
import { NotConnected } from '../../publishing/grants/not-connected.ts';
import { adapterOf, asksOnItsPages, type ConnectingContext, type Connector } from '../connecting.ts';
import { type ConnectedNow, grantSchema, keepGrant, meantAmong, type NewGrant, reach } from '../new-grant.ts';
import { ourApp } from '../our-app.ts';
import { exchangeCode } from './exchange-code.ts';
import { askedSchema } from './start-flow.ts';

/** The way back is unknown: over, used before, forged, or of another session. Nothing was asked and nothing changed. */
export class FlowOver extends Error {
  override readonly name = 'FlowOver';
  constructor() {
    super(
      'This way back from the platform was used before, took longer than ten minutes, or belongs to another session, so nothing was changed; begin again under Connections.',
    );
  }
}

/** The way back was ours, and led to no connection; nothing was changed. */
export class FlowRefused extends NotConnected {
  /** The account that was to be reconnected; null: a new one. */
  readonly accountId: string | null;
  constructor(reason: string, accountId: string | null) {
    super(reason);
    this.accountId = accountId;
  }
}

export type Finished =
  | ({ readonly kind: 'connected' } & ConnectedNow)
  /** The grant reaches several destinations; the ticket finds them. */
  | { readonly kind: 'choose'; readonly ticket: string };

export type Returning = Connector & FlowHolder;

/** Takes the way back and what the browser brought. @throws FlowOver | FlowRefused */
export async function finishFlow(
  context: ConnectingContext,
  person: Returning,
  params: URLSearchParams,
): Promise<Finished> {
  const ticket = params.get('state') ?? '';
  const flow = await takeFlow(context.ledger, person, { ticket, stage: 'asked' });
  if (!flow) throw new FlowOver();
  try {
    return await finish(context, person, flow, params);
  } catch (error) {
    throw error instanceof NotConnected ? new FlowRefused(error.message, flow.accountId) : error;
  }
}

async function finish(
  context: ConnectingContext,
  person: Returning,
  flow: OpenFlow,
  params: URLSearchParams,
): Promise<Finished> {
  const adapter = adapterOf(context, person.platform);
  if (!asksOnItsPages(adapter)) throw new FlowOver();
  const app = await ourApp(context, person.workspaceId, adapter);
  const { codeVerifier } = askedSchema.parse(JSON.parse(flow.secret));
  const fresh = await exchangeCode(context, adapter, app, { params, redirectUri: flow.redirectUri, codeVerifier });
  const reached = await reach(context, adapter, fresh);
  const meant = await meantAmong(context, adapter, reached, { ...person, ...flow });
  if (meant === null) return { kind: 'choose', ticket: await keepChoice(context, person, flow, fresh, reached) };
  return { kind: 'connected', ...(await keepGrant(context, adapter, { ...person, ...flow }, meant, fresh)) };
}

const choiceSchema = z.object({
  fresh: z.object({
    grant: grantSchema,
    scopes: z.array(z.string()),
    expiresAt: z.coerce.date().nullable(),
    apiBase: z.string().nullable(),
  }),
  reached: z.array(z.object({ remoteId: z.string(), name: z.string(), grant: grantSchema.optional() })),
});

function keepChoice(
  { ledger }: ConnectingContext,
  person: Returning,
  { accountId, name, redirectUri }: OpenFlow,
  fresh: NewGrant,
  reached: readonly Destination[],
): Promise<string> {
  const secret = JSON.stringify({ fresh, reached });
  return beginFlow(ledger, person, { accountId, name, redirectUri, stage: 'choosing', secret });
}

/** What there is to choose from, without any of its secrets. @throws FlowOver */
export async function choicesOf(
  { ledger }: ConnectingContext,
  holder: FlowHolder,
  ticket: string,
): Promise<readonly Pick<Destination, 'remoteId' | 'name'>[]> {
  const flow = await peekFlow(ledger, holder, { ticket, stage: 'choosing' });
  if (!flow) throw new FlowOver();
  const { reached } = choiceSchema.parse(JSON.parse(flow.secret));
  return reached.map(({ remoteId, name }) => ({ remoteId, name }));
}

/** Connects the destination that was chosen. @throws FlowOver | NotConnected */
export async function choose(
  context: ConnectingContext,
  person: Returning,
  { ticket, remoteId }: { readonly ticket: string; readonly remoteId: string },
): Promise<ConnectedNow> {
  const flow = await takeFlow(context.ledger, person, { ticket, stage: 'choosing' });
  if (!flow) throw new FlowOver();
  const { fresh, reached } = choiceSchema.parse(JSON.parse(flow.secret));
  const chosen = reached.find((destination) => destination.remoteId === remoteId);
  if (!chosen) throw new NotConnected('Nothing of that list was chosen, so nothing was connected; begin again.');
  const { grant: own, ...plain } = chosen;
  const destination = own === undefined ? plain : { ...plain, grant: own };
  return keepGrant(context, adapterOf(context, person.platform), { ...person, ...flow }, destination, fresh);
}
