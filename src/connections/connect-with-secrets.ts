// Connects an account with secrets that its owner made on the platform, for example an app password.
import { platformAddressSchema } from '../domain/connections/platform-address.ts';
import { issueWords } from '../domain/text/issue-words.ts';
import type { SecretField } from '../platforms/contract.ts';
import { asked, NotConnected } from '../publishing/grants/not-connected.ts';
import { adapterOf, asksForSecrets, type ConnectingContext, type Connector, strangersSession } from './connecting.ts';
import { type ConnectedNow, keepGrant, type Meant, meantAmong, reach } from './new-grant.ts';

export interface GivenSecrets extends Meant {
  readonly platform: string;
  /** By the names of the platform's fields. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** Signs in with them, sees whose they are, and connects that account. @throws NotConnected */
export async function connectWithSecrets(
  context: ConnectingContext,
  connector: Connector,
  { platform, secrets, accountId, name }: GivenSecrets,
): Promise<ConnectedNow> {
  const adapter = adapterOf(context, platform);
  if (!asksForSecrets(adapter)) {
    throw new NotConnected(
      `${adapter.label} asks on its own pages, so no secrets are taken here and nothing was connected; connect it under Connections in the browser.`,
    );
  }
  const { apiBase, ...given } = readFields(adapter.connect.fields, secrets);
  const address = apiBase === undefined ? null : readAddress(apiBase);
  const grant = { accessToken: '', ...given };
  const opening = adapter.connect.open(strangersSession(context, adapter, { grant, scopes: [], apiBase: address }));
  const opened = await asked(adapter, 'did not answer the sign-in', opening, { later: 'try again in a moment' });
  const fresh = {
    grant: opened.grant,
    scopes: opened.scopes ?? [],
    expiresAt: opened.expiresAt,
    apiBase: address,
  };
  const reached = await reach(context, adapter, fresh);
  const meant = await meantAmong(context, adapter, reached, { ...connector, accountId, name });
  if (meant === null) {
    const all = reached.map((one) => one.name).join(', ');
    throw new NotConnected(`The secrets reach several accounts (${all}), so nothing was connected; use those of one.`);
  }
  return keepGrant(context, adapter, { ...connector, accountId, name }, meant, fresh);
}

type Fields = Partial<Record<SecretField['name'], string>>;

/** The problems are named by field; a value is never repeated, since it is a secret. */
function readFields(fields: readonly SecretField[], secrets: Readonly<Record<string, string>>): Fields {
  const known = fields.map(({ name }) => name);
  const unknown = Object.keys(secrets).find((name) => !known.some((field) => field === name));
  if (unknown !== undefined) {
    throw new NotConnected(`There is no field of that name, so nothing was connected; known are ${known.join(', ')}.`);
  }
  const read: Fields = {};
  for (const { name, label, required } of fields) {
    const value = secrets[name]?.trim() ?? '';
    if (value !== '') read[name] = value;
    else if (required) throw new NotConnected(`The field "${label}" is empty, so nothing was connected; fill it in.`);
  }
  return read;
}

function readAddress(text: string): string {
  const parsed = platformAddressSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const problem = issue ? issueWords(issue).problem : 'cannot be used';
  throw new NotConnected(`The address ${problem}, so nothing was connected; correct it.`);
}
