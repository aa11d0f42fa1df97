// Parts of pipelines as temporal.yaml writes them.

export const markdown = (name: string) => ({ name, media_type: 'text/markdown' });
export const json = (name: string) => ({ name, media_type: 'application/json' });

/** A stage of our own, under the name of what it uses. */
export const builtin = (uses: string, inputs: readonly string[], makes: string, more: object = {}) => ({
  id: uses,
  runner: 'builtin',
  uses,
  inputs,
  artifacts: [json(makes)],
  ...more,
});
