// What routing works with: the protocol's context, and Temporal, by which runs and publishes are started.
import type { Client } from '@temporalio/client';
import type { PublishingContext } from '../../publishing/context.ts';

export type RoutingContext = Pick<
  PublishingContext,
  'ledger' | 'platforms' | 'transport' | 'media' | 'store' | 'settings' | 'log'
> & { readonly client: Client };
