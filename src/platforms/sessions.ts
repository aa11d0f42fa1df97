// What an adapter is given: the account and its grant, the post, and the doors through which it may speak.
import type { z } from 'zod';
import type { McpServerPolicy } from '../domain/mcp/server.ts';
import type { Content, MediaItem } from '../domain/schedules/post.ts';
import type { Exchange, HttpRequest, ToolCall, ToolExchange } from '../transport/exchange.ts';
import type { ToolList } from '../transport/mcp/conversation.ts';

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
