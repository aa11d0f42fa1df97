// The search attributes of a publish: few, and all of type Keyword. They serve people who look for runs, never a decision.

export const SEARCH_ATTRIBUTES = {
  state: 'PublishState',
  cause: 'PublishCause',
  platform: 'PublishPlatform',
  account: 'PublishAccount',
  workspace: 'PublishWorkspace',
} as const;
