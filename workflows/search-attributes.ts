// Indexes a publish that waits, so that operators can list what is waiting for them.
import { defineSearchAttributeKey, type SearchAttributeUpdatePair } from '@temporalio/common';
import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { PublishResult } from '../src/domain/schedules/publish-result.ts';
import { asKeyword, SEARCH_ATTRIBUTES } from '../src/domain/temporal/search-attributes.ts';

const key = (name: string) => defineSearchAttributeKey(name, 'KEYWORD');
const STATE = key(SEARCH_ATTRIBUTES.state);
const CAUSE = key(SEARCH_ATTRIBUTES.cause);

const PLATFORM = key(SEARCH_ATTRIBUTES.platform);
const ACCOUNT = key(SEARCH_ATTRIBUTES.account);
const WORKSPACE = key(SEARCH_ATTRIBUTES.workspace);

/** States that nobody looks for by an attribute unless the run was indexed before. */
const NOT_INDEXED: ReadonlySet<string> = new Set(['published', 'queued']);

/**
 * Writes the state where it differs from what is indexed. A publish that never had to wait is not indexed: its run is
 * completed, which says the same and costs nothing.
 */
export function indexState(result: PublishResult): void {
  const indexed = workflowInfo().typedSearchAttributes;
  const known = indexed.get(STATE);
  if (known === undefined && NOT_INDEXED.has(result.state)) return;
  const cause = result.cause?.code;
  const pairs: SearchAttributeUpdatePair[] = [];
  if (known !== result.state) pairs.push({ key: STATE, value: result.state });
  if (indexed.get(CAUSE) !== cause) pairs.push({ key: CAUSE, value: cause ?? null });
  if (indexed.get(PLATFORM) === undefined) pairs.push({ key: PLATFORM, value: result.platform });
  if (indexed.get(ACCOUNT) === undefined) pairs.push({ key: ACCOUNT, value: asKeyword(result.accountName) });
  if (indexed.get(WORKSPACE) === undefined) pairs.push({ key: WORKSPACE, value: result.workspaceId });
  if (pairs.length > 0) upsertSearchAttributes(pairs);
}
