// The part of the client for the apps by which a workspace asks for grants; for keys with the scope `admin`.
import { type PlatformApp, type PlatformAppRequest, platformAppsSchema } from '../domain/connections/platform-app.ts';
import { type Connection, call } from './call.ts';

export interface AppCalls {
  /** The apps of the workspace, without their secrets. */
  apps(): Promise<readonly PlatformApp[]>;
  /** Sets the app of a platform in the place of the one before; answers all of them. */
  setApp(platform: string, app: PlatformAppRequest): Promise<readonly PlatformApp[]>;
  /** Removes it; grants that it was given go on. Answers those that are left. */
  removeApp(platform: string): Promise<readonly PlatformApp[]>;
}

/** The calls over a connection. */
export function appCalls(connection: Connection): AppCalls {
  const answer = platformAppsSchema;
  const at = (platform: string) => `/api/apps/${encodeURIComponent(platform)}`;
  return {
    apps: async () => (await call(connection, { method: 'GET', path: '/api/apps', answer })).apps,
    // Twice is as once.
    setApp: async (platform, body) =>
      (await call(connection, { method: 'PUT', path: at(platform), body, answer })).apps,
    // Sent again it would not find what it has removed itself.
    removeApp: async (platform) =>
      (await call(connection, { method: 'DELETE', path: at(platform), answer, once: true })).apps,
  };
}
