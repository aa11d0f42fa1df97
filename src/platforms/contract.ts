// The adapter contract: what a platform must be able to do for the protocol. A new platform is a new folder that
// exports `adapter`; nothing else is edited.
import type { z } from 'zod';
import type { Cause, CauseCode, Stage } from '../domain/causes/causes.ts';
import type { McpServerPolicy } from '../domain/mcp/server.ts';
import type { SeenByLook } from '../domain/reconcile/absence.ts';
import type { MediaLimit } from '../domain/schedules/media-limits.ts';
import type { Content, KnownContent, MediaItem } from '../domain/schedules/post.ts';
import type { FieldProblem } from '../domain/schedules/schedule-request.ts';
import type { Exchange, HttpAnswer, HttpRequest, ToolAnswer, ToolCall, ToolExchange } from '../transport/exchange.ts';
import type { ToolList } from '../transport/mcp/conversation.ts';

/**
 * How well a platform can be asked whether a post is live (DESIGN section 3).
 * - `idempotent`: a key or record key of ours makes a repeated create harmless
 * - `authoritative`: status by an id we hold
 * - `searchable`: list the account's posts and match a strong marker
 * - `blind`: it cannot be asked; an unknown outcome goes to a person
 */
export type Askability = 'idempotent' | 'authoritative' | 'searchable' | 'blind';

/** Anything that can be stored as JSON. */
export type Json = z.core.util.JSONType;

/** A connected account as an adapter sees it; nothing in it is secret. */
export interface AccountView {
  readonly id: string;
  readonly name: string;
  /** The platform's own id of the account: X user id, Instagram user id, DID. */
  readonly remoteId: string;
  /** The API's address without a trailing slash; the platform's public one unless the account says otherwise. */
  readonly apiBase: string;
  readonly scopes: readonly string[];
}

/** The secrets of a connected account, opened to speak for it. */
export interface Grant {
  readonly accessToken: string;
  readonly refreshToken?: string | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  /** Sign-in secrets some platforms need beside tokens, for example an app password. */
  readonly identifier?: string | undefined;
  readonly password?: string | undefined;
}

/** The post of one attempt. */
export interface PostToPublish {
  readonly workspaceId: string;
  /** Its workspace's own: two workspaces may both have it. */
  readonly scheduleId: string;
  /** SHA-256, hex. */
  readonly fingerprint: string;
  readonly content: Content;
  readonly options: Readonly<Record<string, Json>>;
  /**
   * When the schedule was taken in. With the two ids above all that never changes: keys of ours derive from nothing else, so
   * that a reschedule makes no new one.
   */
  readonly takenInAt: Date;
  /** The first create of this post that may have left, whatever became of it since; null before there was one. */
  readonly firstCreate: { readonly sentAt: Date; readonly markers: Readonly<Record<string, Json>> } | null;
}

/** Remote ids and other facts of the preparation, each saved in the ledger as soon as it is known. */
export interface RemoteObjects {
  /** The saved value, or undefined. Parse it with a schema. */
  get(key: string): Json | undefined;
  save(key: string, value: Json): Promise<void>;
  /** Forgets a value, for example a container that expired. */
  drop(key: string): Promise<void>;
}

/** Opens media for reading; refuses private addresses unless the settings allow them. */
export interface MediaSource {
  /**
   * Reads an item in chunks of exactly `chunkBytes` (the last may be shorter).
   * @throws StepRefused with `media_invalid` when it is not handed out, has another size or is not what it says;
   * StepUnanswered when its server cannot be reached now.
   */
  chunks(
    url: string,
    expected: { sizeBytes: number; mediaType: string },
    chunkBytes: number,
  ): AsyncIterable<Uint8Array>;
  /**
   * Where the platform itself can fetch an item for as long as it may take: the item's own address, or one that is signed
   * anew each time for a file of ours. Never compare it; what an item is, its own `url` says.
   */
  publicAddress(url: string): string;
  /**
   * A picture whole, as it leaves us: without private metadata where the settings say so, and then of another length than
   * the item's `sizeBytes`, which is the file's own. For what is sent, its own length counts.
   * @throws as `chunks`
   */
  picture(item: Pick<MediaItem, 'url' | 'sizeBytes' | 'mediaType'>): Promise<Uint8Array>;
}

/** The MCP servers of the settings, for platforms that publish by their tools. */
export interface McpServers {
  /** As the settings name it; null: they do not. */
  named(server: string): McpServerPolicy | null;
  /** What tools it has now, or why it could not be asked. */
  tools(server: string): Promise<ToolList | Exchange>;
  /** Calls a tool, which may be repeated; never the create. */
  call(call: ToolCall): Promise<ToolExchange>;
}

/** What an adapter may use to speak for an account. */
export interface AccountSession {
  readonly account: AccountView;
  readonly grant: Grant;
  /** When the grant was connected or renewed: a token that is seconds old may not be known everywhere yet. */
  readonly grantSavedAt: Date;
  now(): Date;
  /** Sends a call that may be repeated; never the create. The call's stage and secrets stay out of every log. */
  call(request: HttpRequest): Promise<Exchange>;
  readonly mcp: McpServers;
  /** Waits while the account's lease is kept. @throws AttemptStopped when it is lost, or the caller must end. */
  wait(ms: number): Promise<void>;
}

/** Everything an adapter may use during one attempt. */
export interface PlatformSession extends AccountSession {
  readonly post: PostToPublish;
  readonly remote: RemoteObjects;
  readonly media: MediaSource;
  /** How long the platform may take to make media ready, in ms. */
  readonly mediaProcessingMs: number;
  /** Marks a named step of the preparation; a no-op but for tests that kill the worker there. */
  reach(point: string): Promise<void>;
}

/** The one call that makes the post live, built and not sent: a request, or a call of a tool. */
export type CreateCall = HttpCreate | ToolCreate;

/** A request that makes the post live. It must have a body. */
export interface HttpCreate extends Marked {
  readonly request: HttpRequest & { readonly body: Uint8Array | string };
}

/** A call of a tool that makes the post live. */
export interface ToolCreate extends Marked {
  readonly toolCall: ToolCall;
}

interface Marked {
  /** What a later look needs to recognise the post: media keys, container id, text. Saved with the intent. */
  readonly markers: Readonly<Record<string, Json>>;
}

/**
 * What an answer to the create means.
 * - `live`: the post exists under this id
 * - `refused`: an explicit refusal; nothing is live. `forget` names saved remote objects the platform will not take
 *   again; they are dropped with the refusal, so that a later attempt makes them anew
 * - `unclear`: it may be live; reconcile first. `ifAbsent` is the failure to record should it prove absent; without
 *   it the publish goes on after a conclusive absence, and after the last try in a row `lastly` is the failure
 */
export type CreateReading =
  | { readonly kind: 'live'; readonly platformPostId: string; readonly url?: string | undefined }
  | {
      readonly kind: 'refused';
      readonly cause: Cause;
      readonly forget?: readonly string[];
      /** Our app is refused, not this account: tried again later, and alarmed. */
      readonly app?: true;
    }
  | {
      readonly kind: 'unclear';
      readonly cause: Cause;
      readonly ifAbsent?: Cause | undefined;
      readonly lastly?: Cause | undefined;
      /**
       * The platform says that an equal post is live already. After an earlier create of unknown outcome this contradicts
       * "absent": the publish ends as unconfirmed, with this as evidence, whatever later looks miss.
       */
      readonly duplicate?: true;
    };

/** A create that may have left, as the ledger holds it. */
export interface SentIntent {
  /** When the first create of this post may have left: a post thought absent may turn up late. */
  readonly sentAt: Date;
  readonly sendDeadline: Date;
  readonly markers: Readonly<Record<string, Json>>;
  /** Platform post ids the ledger already gives to other schedules of this account: never adopt one of them. */
  readonly takenPostIds: ReadonlySet<string>;
}

/**
 * What a look that found nothing has seen: the evidence without which nothing is called absent (law 4).
 * - `by_key`: the one place where the post would be, under an id or a key that we hold
 * - `back_to`: the account's posts from the newest down to one of this instant, without a gap; it counts when that lies
 *   two minutes before the first create may have left
 * - `whole_list`: every post of the account
 */
export type Coverage = SeenByLook;

/**
 * One look at the platform. A look that could not be read throws; it is never `missing` (law 4), and neither is one that
 * saw a likeness which may be ours. The protocol checks the coverage; a list that merely ended covers nothing.
 */
export type Look =
  | { readonly kind: 'live'; readonly platformPostId: string; readonly url?: string | undefined }
  | { readonly kind: 'missing'; readonly coverage: Coverage };

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

/** A step ended with an explicit refusal: the attempt ends with this cause. Thrown by adapters, caught by the protocol. */
export class StepRefused extends Error {
  override readonly name = 'StepRefused';
  override readonly cause: Cause;
  constructor(cause: Cause) {
    super(`${cause.platform} refused at ${cause.stage}: ${cause.code}`);
    this.cause = cause;
  }
}

/**
 * The platform holds a post of this schedule that was thought absent: another create would make a second one, so the
 * publish stops as unconfirmed and a person looks.
 */
export class AlreadyLive extends Error {
  override readonly name = 'AlreadyLive';
  override readonly cause: Cause;
  constructor(cause: Cause) {
    super(`${cause.platform} says at ${cause.stage} that the post is live already`);
    this.cause = cause;
  }
}

/** A repeatable step got no usable answer after its tries. Nothing is live because of it; it is tried again later. */
export class StepUnanswered extends Error {
  override readonly name: string = 'StepUnanswered';
  readonly stage: Stage;
  constructor(stage: Stage, detail: string) {
    super(detail);
    this.stage = stage;
  }
}

/**
 * The platform refuses our app, whichever account it speaks for: wrong app credentials, an app out of credit, an app's own
 * system error. It is tried again later and alarmed, and nobody is disconnected. `cause` is the failure to record when the
 * tries are used up.
 */
export class AppFault extends StepUnanswered {
  override readonly name = 'AppFault';
  override readonly cause: Cause;
  constructor(cause: Cause) {
    super(cause.stage, `${cause.platform} refuses the app: ${cause.externalText}`);
    this.cause = cause;
  }
}

/** A look was told that the post is live, and could not find which post it is. */
export class LiveUnnamed extends StepUnanswered {
  override readonly name = 'LiveUnnamed';
}
