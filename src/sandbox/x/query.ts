// X takes no parameter and no value it does not know: it refuses them with 400, by name (reference: X, 1.4, incomplete
// answers). A stand-in that overlooked them would let an adapter ask for fields that X then does not send.
import type { Answer } from '../answer.ts';
import { expansions, mediaFields, postFields, type Vocabulary } from './names.ts';
import { invalidRequest } from './problems.ts';

/** A call's parameters: the values each may have, or null where any goes. */
export type Parameters = Record<string, readonly string[] | null>;

/** Refuses what is not among the parameters, and any value that is not among those of its parameter. */
export function refuseQuery(query: URLSearchParams, parameters: Parameters): Answer | undefined {
  for (const [name, value] of query) {
    const values = parameters[name];
    if (values === undefined) {
      const known = Object.keys(parameters).join(',');
      return invalidRequest(name, value, `The query parameter [${name}] is not one of [${known}]`);
    }
    const strange = values && value.split(',').find((part) => !values.includes(part));
    if (strange !== null && strange !== undefined) {
      const message = `The \`${name}\` query parameter value [${strange}] is not one of [${(values ?? []).join(',')}]`;
      return invalidRequest(name, value, message);
    }
  }
  return undefined;
}

/** What reads of posts may ask for. */
export function readParameters({ fieldsParameter }: Vocabulary): Parameters {
  return {
    [fieldsParameter]: postFields[fieldsParameter],
    expansions: expansions[fieldsParameter],
    'media.fields': mediaFields,
    'user.fields': null,
    'poll.fields': null,
    'place.fields': null,
  };
}

/** What a timeline may be asked. */
export function timelineParameters(vocabulary: Vocabulary): Parameters {
  return {
    max_results: null,
    pagination_token: null,
    start_time: null,
    end_time: null,
    exclude: ['replies', 'retweets'],
    ...readParameters(vocabulary),
  };
}
