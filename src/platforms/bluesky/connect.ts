// How an account of Bluesky is connected: with an app password, which its owner makes and can take back (AT Protocol,
// com.atproto.server.createSession).
import type { SecretsConnect } from '../contract.ts';
import { open } from './session.ts';

export const connect: SecretsConnect = {
  kind: 'secrets',
  fields: [
    {
      name: 'identifier',
      label: 'Handle',
      help: 'As people see it, for example alice.bsky.social, or the DID.',
      secret: false,
      required: true,
    },
    {
      name: 'password',
      label: 'App password',
      help: 'Made in Bluesky under Settings, Privacy and security, App passwords. Not the password of the account.',
      secret: true,
      required: true,
    },
    {
      name: 'apiBase',
      label: 'Address of the PDS',
      help: 'Only where the account does not live on bsky.social, for example https://pds.example.',
      secret: false,
      required: false,
    },
  ],
  open,
};

/** An app password may do all that publishing needs (platform reference 5.1). */
export const scopesFor = (): readonly string[] => [];
