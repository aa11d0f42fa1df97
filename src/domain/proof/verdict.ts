// What a check of a bundle can say: exactly what holds, or the one thing that does not.
import { toPlainText } from '../text/plain-text.ts';
import type { Manifest } from './manifest.ts';

/** Why a bundle does not hold. `file`, `line` and the like stand in the sentence where they are known. */
export const FAULTS = {
  not_a_zip: () => 'This is no ZIP file, so it is no bundle; nothing was read from it.',
  truncated: () => 'The ZIP ends too early: a part of the bundle is missing; fetch it again.',
  damaged: () => 'The ZIP cannot be read: its table of contents is damaged.',
  packed: () =>
    'The ZIP is packed in a way that no bundle is (compressed, overlapping or too many files); nothing was unpacked.',
  missing_file: (what: string) => `${what} is missing from the bundle.`,
  extra_file: (what: string) => `The bundle holds a file that does not belong to it: ${what}.`,
  manifest_unreadable: () => 'manifest.json is no manifest that this version can read.',
  signature_unreadable: () => 'manifest.ed25519.jws is no signature that this version can read.',
  hmac_unreadable: () => 'manifest.hmac is not what the manifest says of it.',
  signature_wrong: () => 'The signature does not fit: manifest.ed25519.jws was changed after the bundle was signed.',
  manifest_changed: () => 'manifest.json was changed after the bundle was signed.',
  hmac_changed: () => 'manifest.hmac was changed after the bundle was signed.',
  key_differs: () => 'The signature was made with another key than the manifest names.',
  key_unknown: (what: string) =>
    `The bundle was signed with a key that is not among those given (${what}), so it is from somebody else or the keys are old.`,
  keys_unreadable: () =>
    'The keys that were given are no JWKS with Ed25519 keys; fetch /.well-known/oncepost-proof-keys.json.',
  hmac_wrong: () =>
    'The HMAC does not fit the secret that was given: it is another secret, or the bundle is from somebody else.',
  file_changed: (what: string) => `${what} was changed after the bundle was signed.`,
  reordered: (what: string) =>
    `records.jsonl was changed after the bundle was signed: line ${what} stands out of its order.`,
  record_malformed: (what: string) => `Line ${what} of records.jsonl is no record in canonical form.`,
  record_outside: (what: string) => `Line ${what} of records.jsonl lies outside the range of the manifest.`,
  count_differs: (what: string) => `The number of records is not the one that the manifest states (${what}).`,
  csv_differs: () => 'proof.csv is not the twin of records.jsonl.',
  container_changed: () => "Bytes of the ZIP itself were changed, outside of the files' contents, or added to it.",
} as const satisfies Record<string, (what: string) => string>;
export type Fault = keyof typeof FAULTS;

export interface BrokenBundle {
  readonly holds: false;
  readonly fault: Fault;
  /** One sentence for a person. */
  readonly says: string;
}

export interface SoundBundle {
  readonly holds: true;
  readonly manifest: Manifest;
  /** Whom the bundle is from, as far as what was given proves it. */
  readonly origin: { readonly signature: boolean; readonly hmac: boolean };
  readonly says: string;
}

export type Verdict = BrokenBundle | SoundBundle;

/** The verdict on a bundle that does not hold. */
export function broken(fault: Fault, what = ''): BrokenBundle {
  return { holds: false, fault, says: FAULTS[fault](what) };
}

/** The verdict on one that does. */
export function sound(manifest: Manifest, origin: SoundBundle['origin']): SoundBundle {
  return { holds: true, manifest, origin, says: saysOf(manifest, origin) };
}

function saysOf(manifest: Manifest, origin: SoundBundle['origin']): string {
  const { signature, hmac, records } = manifest;
  const whole = `The bundle is whole: ${records} ${records === 1 ? 'record' : 'records'}, and no byte was changed since it was signed.`;
  const ways = [
    ...(origin.signature ? [`the public keys given hold ${signature.keyId}, which signed it`] : []),
    ...(origin.hmac ? [`its HMAC fits the secret given (${hmac.keyId})`] : []),
  ];
  if (ways.length > 0) return `${whole} It is ${about(manifest)}. Its origin holds too: ${ways.join(', and ')}.`;
  return `${whole} It says that it is ${about(manifest)}. Whom it is from was not checked: the signing key ${signature.keyId} came with it; give the public keys of whom you expect, or the shared secret.`;
}

/** A bundle of somebody else may name anything, at any length. */
const NAME_CHARS = 100;
const NAMED = 5;

function named(names: readonly string[]): string {
  const told = names.slice(0, NAMED).map((name) => quoted(name));
  return names.length > NAMED ? `${told.join(', ')} and ${names.length - NAMED} more` : told.join(', ');
}

/** In quotes, and what would write over a terminal as letters. */
function quoted(text: string): string {
  return JSON.stringify(toPlainText(text, NAME_CHARS)).replace(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (unseen) => `\\u${unseen.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Whose it is and of which range: keys of a server are those of all its workspaces, and say neither. */
function about({ workspace, range }: Manifest): string {
  const name = quoted(workspace.name);
  const { from, to, platforms, accounts } = range;
  const only = [
    ...(platforms.length > 0 ? [`on ${named(platforms)} alone`] : []),
    ...(accounts.length > 0 ? [`of ${accounts.length} of its accounts alone`] : []),
  ];
  return [`of the workspace ${name} (${workspace.id}), of what was due from ${from} until before ${to}`, ...only].join(
    ', ',
  );
}
