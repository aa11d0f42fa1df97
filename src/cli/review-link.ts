// `oncepost review-link`: shows one version of a post to somebody without an account, who approves it or asks for changes.
import { Command } from 'commander';
import type { ReviewLinks } from '../domain/reviews/review-link.ts';
import type { Env } from '../runtime/env.ts';
import { assertReadable } from './arguments.ts';
import { print, withClient } from './with-client.ts';

interface MakeOptions {
  readonly label: string;
  readonly expires: string;
  readonly fingerprint?: string;
  readonly json?: true;
}

export function reviewLinkCommand(env: Env): Command {
  const links = new Command('review-link').description('make, list and revoke the review links of a post');
  links
    .command('make')
    .description('make a link; its address is told this once')
    .argument('<id>', "the schedule's id")
    .requiredOption('--label <text>', 'who it is for')
    .requiredOption('--expires <instant>', 'until when it is good, as ISO 8601 with an offset')
    .option('--fingerprint <fingerprint>', 'the version that you looked at; the present one without it')
    .option('--json', 'as JSON')
    .action((id: string, options: MakeOptions) => make(env, id, options));
  links
    .command('list')
    .description('list the links of a post, without their addresses')
    .argument('<id>', "the schedule's id")
    .option('--json', 'as JSON')
    .action((id: string, { json }: { readonly json?: true }) =>
      withClient(env, async (client) => {
        const found = await client.reviewLinks(id);
        print(found, json, () => wordsOf(found));
      }),
    );
  links
    .command('revoke')
    .description('end a link that nobody has answered')
    .argument('<id>', "the schedule's id")
    .argument('<link>', "the link's id")
    .option('--json', 'as JSON')
    .action((id: string, link: string, { json }: { readonly json?: true }) =>
      withClient(env, async (client) => {
        await client.revokeReviewLink(id, link);
        print({ revoked: true }, json, () => 'Revoked.');
      }),
    );
  return links;
}

function make(env: Env, id: string, { label, expires, fingerprint, json }: MakeOptions): Promise<void> {
  assertReadable({ label });
  const version = fingerprint === undefined ? {} : { expectedFingerprint: fingerprint };
  return withClient(env, async (client) => {
    const made = await client.makeReviewLink(id, { label, expiresAt: expires, ...version });
    print(made, json, () => made.url);
  });
}

function wordsOf({ links }: ReviewLinks): string {
  if (links.length === 0) return 'None.';
  const lines = links.map(({ id, label, state, supersessionReason, expiresAt, reviewer, comment }) => {
    const answered = reviewer === null ? '' : `  ${reviewer} (by their own word)${comment ? `: ${comment}` : ''}`;
    const why = supersessionReason === null ? '' : ` (${supersessionReason})`;
    return `${id}  ${state}${why}  ${label}  until ${expiresAt}${answered}`;
  });
  return lines.join('\n');
}
