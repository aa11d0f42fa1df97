// How an account of a site is connected: with an application password, which its user makes and can take back.
import type { SecretsConnect } from '../contract.ts';
import { open } from './owner.ts';

export const connect: SecretsConnect = {
  kind: 'secrets',
  fields: [
    {
      name: 'apiBase',
      label: 'Address of the site',
      help: 'As readers open it, for example https://example.com, with the folder where WordPress lies in one.',
      secret: false,
      required: true,
    },
    {
      name: 'identifier',
      label: 'User name',
      help: 'The name that this user signs in with; it needs at least the role of an author.',
      secret: false,
      required: true,
    },
    {
      name: 'password',
      label: 'Application password',
      help: 'Made in WordPress under Users, Profile, Application Passwords. Not the password of the user.',
      secret: true,
      required: true,
    },
  ],
  open,
};
