// What stands before and after the receipts: what the bundle is about, what its fields mean, and how anybody checks it.
import { PUBLISH_OUTCOMES, type PublishOutcome } from '../../domain/proof/outcome.ts';
import { FIELD_MEANS, PROOF_FIELDS } from '../../domain/proof/record.ts';
import { type Line, TEXT_WIDTH } from './pages.ts';
import type { Typesetter } from './typeset.ts';

export interface ProofCover {
  readonly workspace: string;
  readonly from: string;
  readonly to: string;
  /** Empty: all of them. */
  readonly platforms: readonly string[];
  readonly accounts: readonly string[];
}

const BODY = { size: 9, height: 13 } as const;
const TITLE = { size: 18, height: 30 } as const;
const HEADING = { size: 12, height: 24 } as const;
const NAME_WIDTH = 150;

const VERIFY: readonly string[] = [
  'This document is one file of a bundle. The others are records.jsonl (the same records, one canonical JSON object a line, RFC 8785), proof.csv (the same as a table), manifest.json (what the bundle holds, with the SHA-256 of each of these three files), manifest.hmac (an HMAC-SHA256 over manifest.json) and manifest.ed25519.jws (an Ed25519 signature over the SHA-256 of both).',
  'With Oncepost installed, and without a network: oncepost proof verify bundle.zip. With --keys and the public keys of the workspace it was made in (/.well-known/oncepost-proof-keys.json of its server), it also says whom the bundle is from; with --secret-file and the shared secret, too.',
  'Without Oncepost: compare the digests in manifest.json with those that sha256sum makes of the files, compare the digests in the second part of manifest.ed25519.jws with those of manifest.json and manifest.hmac, and check the signature with openssl. The commands stand in the documents of Oncepost, under "Proof".',
  'In proof.csv a cell that a spreadsheet might run as a formula begins with an apostrophe, and so does a cell that begins with an apostrophe itself: take one off to have the value. In this document a character that the font cannot draw, or that is written from the right or shaped by its neighbours, stands as its code point, like [U+4E2D].',
];

/** The page that sums up. */
export function summary(
  typesetter: Typesetter,
  { workspace, from, to, platforms, accounts }: ProofCover,
  outcomes: ReadonlyMap<PublishOutcome, number>,
  count: number,
): Line[] {
  return [
    ...text(typesetter, 'Publishing proof', TITLE),
    ...row(typesetter, 'Workspace', workspace),
    ...row(typesetter, 'Due from', from),
    ...row(typesetter, 'Due before', to),
    ...row(typesetter, 'Platforms', platforms.length === 0 ? 'all' : platforms.join(', ')),
    ...row(typesetter, 'Accounts', accounts.length === 0 ? 'all' : accounts.join(', ')),
    ...row(typesetter, 'Receipts', String(count)),
    ...text(typesetter, 'Outcomes', HEADING),
    ...PUBLISH_OUTCOMES.flatMap((outcome) => row(typesetter, outcome, String(outcomes.get(outcome) ?? 0))),
  ];
}

/** The schema and the way to check, in blocks that may stand on a page each. */
export function backMatter(typesetter: Typesetter): Line[][] {
  return [
    text(typesetter, 'The fields of a record', HEADING),
    ...PROOF_FIELDS.map((field) => row(typesetter, field, FIELD_MEANS[field])),
    text(typesetter, 'How to check this bundle', HEADING),
    ...VERIFY.map((sentences) => [...text(typesetter, sentences, BODY), { pieces: [], size: BODY.size, height: 6 }]),
  ];
}

function text(typesetter: Typesetter, words: string, { size, height }: Pick<Line, 'size' | 'height'>): Line[] {
  return typesetter.paragraph(words, size, TEXT_WIDTH).map((hex) => ({ pieces: [{ hex, x: 0 }], size, height }));
}

function row(typesetter: Typesetter, name: string, value: string): Line[] {
  const [label = ''] = typesetter.lines(name, BODY.size, NAME_WIDTH);
  return typesetter.paragraph(value, BODY.size, TEXT_WIDTH - NAME_WIDTH).map((hex, index) => ({
    pieces: [...(index === 0 ? [{ hex: label, x: 0, soft: true }] : []), { hex, x: NAME_WIDTH }],
    ...BODY,
  }));
}
