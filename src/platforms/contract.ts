// The adapter contract: what a platform must be able to do for the protocol. A new platform is a new folder that
// exports `adapter`; nothing else is edited.
import type { z } from 'zod';
import type { CauseCode } from '../domain/causes/causes.ts';
import type { MediaLimit } from '../domain/schedules/media-limits.ts';
import type { KnownContent, MediaItem } from '../domain/schedules/post.ts';
import type { FieldProblem } from '../domain/schedules/schedule-request.ts';
import type { HttpAnswer, ToolAnswer } from '../transport/exchange.ts';
import type { Askability, CreateCall, CreateReading, Look, SentIntent } from './create-and-look.ts';
import type { AccountSession, AccountView, Grant, Json, PlatformSession } from './sessions.ts';

/** A renewed grant; whatever is undefined stays as it was. */
export interface RenewedGrant {
  readonly grant: Grant;
  readonly expiresAt: Date | null;
  readonly scopes?: readonly string[] | undefined;
}

/** One account, page, board or channel that a grant reaches. */
export interface Destination {
  /** As the account is known by to the ledger: the platform's own id. */
  readonly remoteId: string;
  /** What people on the platform know it by, for example `@acme`. */
  readonly name: string;
  /** Where it is spoken for with a grant of its own (a Facebook Page): that one is kept, in the place of the person's. */
  readonly grant?: Grant;
}

/**
 * An account is connected by OAuth 2.0 (authorization code): a person allows it on the platform's own pages. What the room of
 * connections does with it is the same for every platform.
 */
export interface OAuthConnect {
  readonly kind: 'oauth2';
  /** Where the person is asked. `apiBase`: another address of the API, of a sandbox; null: the public one. */
  authorizeUrl(apiBase: string | null): string;
  /** Where a code is exchanged for tokens. */
  tokenUrl(apiBase: string | null): string;
  /** What is asked for: all that any post of ours may need. */
  readonly scopes: readonly string[];
  readonly scopeSeparator: ' ' | ',';
  /** Only where there is one: the scope without which a grant cannot be renewed. */
  readonly renewalScope?: string;
  /** Whether the platform checks PKCE (S256). */
  readonly pkce: boolean;
  /** How the app proves itself to the token endpoint: by HTTP Basic, or in the form. */
  readonly clientAuth: 'basic' | 'form';
  /** False: there are public clients, without a secret. */
  readonly secretRequired: boolean;
  /**
   * What the token endpoint answered, as OAuth writes it (RFC 6749, 5.1 and 5.2): `access_token`, `token_type`, `scope` by
   * spaces, or `error`. Never throws; what cannot be read comes back as it is.
   */
  inOAuthForm(body: unknown): unknown;
  /** Only where the code's token is not the one to keep: exchanges it. @throws StepRefused | StepUnanswered */
  complete?(session: AccountSession): Promise<RenewedGrant>;
}

/** One field of the form in which secrets are asked for. */
export interface SecretField {
  /** The part of the grant, or the address of the account's own server. */
  readonly name: 'identifier' | 'password' | 'accessToken' | 'apiBase';
  readonly label: string;
  /** One sentence on what belongs there, and where it is found. */
  readonly help: string;
  /** Typed unseen, and never shown again. */
  readonly secret: boolean;
  readonly required: boolean;
}

/** An account is connected by secrets that its owner makes on the platform, for example an app password. */
export interface SecretsConnect {
  readonly kind: 'secrets';
  readonly fields: readonly SecretField[];
  /** Opens the grant with them, whoever's it is. @throws StepRefused | StepUnanswered */
  open(session: AccountSession): Promise<RenewedGrant>;
}

/** How far before and after an instant a post is near it, in ms. */
export const NEARBY_MS = 2 * 3_600_000;

/** A post as the platform's own list of the account shows it, for a person's eyes. */
export interface NearbyPost {
  readonly id: string;
  readonly text: string;
  /** When it was made; null where the platform does not tell. */
  readonly at: Date | null;
  readonly url: string | null;
}

/** Something in a text that counts against a limit, in the destination's own way of counting. */
export interface TextCount {
  /** For example `weighted characters`. */
  readonly what: string;
  readonly used: number;
  readonly limit: number;
}

/** A page of a blog that stands under a slug, whoever made it and whether readers see it. */
export interface StandingPage {
  /** The blog's own id of it. */
  readonly id: string;
  readonly slug: string;
  /** `draft`: nobody but the blog's own people sees it; so does what is scheduled, pending, private or in the bin. */
  readonly status: 'published' | 'draft';
  /** The slugs of the sections it stands in, the main one first. */
  readonly zones: readonly string[];
  readonly title: string;
  /** Its body as readers get it; null where the blog does not tell. */
  readonly html: string | null;
  /** Where readers find it. */
  readonly url: string | null;
  /** Only where it names another address than its own. */
  readonly canonicalUrl: string | null;
  /** Marks of ours that it carries (`markOf`); a page made by others has none. */
  readonly marks: readonly string[];
  readonly updatedAt: Date | null;
}

/** What a blog can be asked about its pages, for whoever must know what is true before anything is made. */
export interface BlogPages {
  /**
   * What the site would refuse of a post with these options, beside what `check` finds without asking it: its sign-in is tried, and
   * nothing is changed. @throws StepRefused where it takes nothing from this account; StepUnanswered where it cannot be asked
   */
  refuses(session: AccountSession, options: Readonly<Record<string, Json>>): Promise<readonly FieldProblem[]>;
  /** Only where it depends on how the account is set up: whether it can be asked at all. */
  canAsk?(session: AccountSession): boolean;
  /**
   * Every page under exactly this slug, or under one that the blog made from it because it was taken (`slug-2`), drafts
   * included. None: there is conclusively none. @throws StepRefused | StepUnanswered when it could not be read, whole
   */
  standingAt(session: AccountSession, slug: string): Promise<readonly StandingPage[]>;
}

/** So many creates in any time of that length, by one account. */
export interface CreateQuota {
  readonly posts: number;
  readonly withinMs: number;
}

export interface PlatformAdapter {
  /** Equal to the folder's name, for example `x`. */
  readonly platform: string;
  /** The name people know, for example `X`. */
  readonly label: string;
  /** Where its API is found, unless an account names its own address (a PDS, a sandbox). */
  readonly publicApiBase: string;
  /** What a post for it may say beyond its content. */
  readonly optionsSchema: z.ZodType<Record<string, Json>>;
  /**
   * Only where an expired grant can no longer be renewed: how long before its expiry it is, in ms, by the publishes that
   * use it or, when there are none, by the sweep. Elsewhere the next publish renews it, a minute ahead or later.
   */
  readonly renewAheadMs?: number;
  /** How many posts an account may create within a time, where the platform's documents say so; the tightest first. */
  readonly createQuotas?: readonly CreateQuota[];
  askability(session: PlatformSession): Askability;
  /** Everything this destination would refuse, found without asking it. Pure. */
  check(
    content: KnownContent,
    options: Readonly<Record<string, Json>>,
    account: Pick<AccountView, 'scopes'>,
  ): FieldProblem[];
  /** What counts in a text, for whoever reads or writes it; the same numbers as in `check`. Pure. */
  textCounts?(text: string, options: Readonly<Record<string, Json>>): readonly TextCount[];
  /** The limits of an item of this type, for whoever looks at it; the same numbers as in `check`. Pure. */
  mediaLimits?(item: MediaItem): readonly MediaLimit[];
  /**
   * Whose grant it is: the platform's own id of the account. Asked once, before the account is connected: looks and
   * creates that speak of another account than the grant's would miss each other. @throws StepRefused | StepUnanswered
   */
  identify(session: AccountSession): Promise<string>;
  /** How an account is connected. */
  readonly connect: OAuthConnect | SecretsConnect;
  /**
   * What the grant reaches; one, where a grant is that of one account. The session speaks for no account yet: its account
   * has the granted scopes and no id. @throws StepRefused | StepUnanswered
   */
  destinations(session: AccountSession): Promise<readonly Destination[]>;
  /** The scopes that a post with or without media needs; none, where the platform has none. Pure. */
  scopesFor(post: { readonly media: boolean }): readonly string[];
  /** The cause of a post's failure for want of this scope; null where that is `permissions_missing`. Pure. */
  causeOfMissing?(scope: string): CauseCode | null;
  /**
   * Renews the grant. Called under the account's lease. @throws StepRefused when the platform says the grant is dead, or
   * throttles;
   * @throws StepUnanswered on anything else, which never disconnects an account.
   */
  renew(session: AccountSession): Promise<RenewedGrant>;
  /** Uploads media and creates containers; repeatable and invisible. @throws StepRefused | StepUnanswered | AlreadyLive */
  prepare(session: PlatformSession): Promise<void>;
  /** Builds the point-of-no-return call from what `prepare` saved. Sends nothing. */
  create(session: PlatformSession): CreateCall;
  /**
   * Reads a complete answer to the create: a 2xx, 3xx or 4xx, and where the create is a call of a tool also what the tool
   * answered. Anything else never reaches it (law 3). Never throws.
   */
  readCreate(answer: HttpAnswer | ToolAnswer, session: PlatformSession): CreateReading;
  /** True where a look needs no grant: a post is found then though the connection has died since. */
  readonly looksWithoutGrant?: true;
  /** Looks once for the post. @throws StepRefused | StepUnanswered when it could not be read. */
  look(session: PlatformSession, intent: SentIntent): Promise<Look>;
  /**
   * The account's posts around an instant, from the platform's own list, a few dozen at most. Evidence for a person, never for
   * the protocol. Absent where the platform has no such list. @throws StepRefused | StepUnanswered when it could not be read
   */
  nearby?(session: AccountSession, wanted: { readonly around: Date }): Promise<readonly NearbyPost[]>;
  /** Only of blogs: where a post has a slug, and one that is taken belongs to another page. */
  readonly pages?: BlogPages;
  /** The public address of a live post, when the create's answer did not carry it. Best effort. */
  link?(session: PlatformSession, platformPostId: string): Promise<string | null>;
}
