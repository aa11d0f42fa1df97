// The notifications of a workspace as its admins see them: its channels, and the messages to them.
import { type ChannelPolicy, channelWhere } from '../domain/notifications/channel.ts';
import type { DeliveryState, Notifications } from '../domain/notifications/delivery.ts';
import type { Ledger } from '../ledger/ledger.ts';
import {
  countByChannel,
  type DeliveryPosition,
  type DeliveryRow,
  listDeliveries,
} from '../ledger/notifications/delivery-list.ts';
import { writeCursor } from '../recovery/cursor.ts';
import type { Settings } from '../runtime/settings/settings.ts';

export interface NotificationsWanted {
  readonly workspaceId: string;
  readonly workspaceName: string;
  readonly state?: DeliveryState | undefined;
  readonly after: DeliveryPosition | null;
  readonly limit: number;
}

/** The channels of a workspace, as the settings have them. */
export function channelsOf(
  { notifications: { workspaces } }: Settings,
  workspaceName: string,
): readonly ChannelPolicy[] {
  return Object.hasOwn(workspaces, workspaceName) ? (workspaces[workspaceName]?.channels ?? []) : [];
}

/** Its channels, and one page of the messages, newest first. */
export async function viewNotifications(
  { ledger, settings }: { readonly ledger: Ledger; readonly settings: Settings },
  wanted: NotificationsWanted,
): Promise<Notifications> {
  const { workspaceId, workspaceName, state, after, limit } = wanted;
  const states = state === undefined ? null : [state];
  const [counts, rows] = await Promise.all([
    countByChannel(ledger, workspaceId),
    listDeliveries(ledger, { workspaceId, states, after, limit: limit + 1 }),
  ]);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    channels: channelsOf(settings, workspaceName).map((channel) => {
      const own = counts.find((row) => row.channel === channel.name);
      const { name, kind, takes } = channel;
      const { waiting = 0, dead = 0, lastDeliveredAt = null } = own ?? {};
      const where = channelWhere(channel);
      return {
        name,
        kind,
        where,
        takes: [...takes],
        waiting,
        dead,
        lastDeliveredAt: lastDeliveredAt?.toISOString() ?? null,
      };
    }),
    deliveries: page.map(shown),
    nextCursor: last && rows.length > limit ? writeCursor({ at: last.createdAt, id: last.id }) : null,
  };
}

function shown({
  id,
  channel,
  telling,
  state,
  tries,
  failure,
  ...at
}: DeliveryRow): Notifications['deliveries'][number] {
  return {
    id,
    channel,
    event: telling.event,
    headline: telling.headline,
    state,
    tries,
    failure,
    createdAt: at.createdAt.toISOString(),
    triedAt: at.triedAt?.toISOString() ?? null,
    nextTryAt: at.nextTryAt?.toISOString() ?? null,
    deliveredAt: at.deliveredAt?.toISOString() ?? null,
  };
}
