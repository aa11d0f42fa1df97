// Meta's error envelope. What an error means stands in code and subcode alone; status, type and text mislead.
import { type Answer, json } from '../answer.ts';

/** One error as Meta writes it; HTTP status 400 and type `OAuthException` unless told otherwise. */
export type GraphError = {
  code: number;
  subcode?: number;
  message: string;
  status?: number;
  type?: string;
  transient?: boolean;
  userTitle?: string;
  userMessage?: string;
};

/** The answer that carries this error. */
export function graphError(error: GraphError): Answer {
  const body = {
    message: error.message,
    type: error.type ?? 'OAuthException',
    code: error.code,
    ...(error.subcode === undefined ? {} : { error_subcode: error.subcode }),
    ...(error.transient === undefined ? {} : { is_transient: error.transient }),
    ...(error.userTitle === undefined ? {} : { error_user_title: error.userTitle }),
    ...(error.userMessage === undefined ? {} : { error_user_msg: error.userMessage }),
    fbtrace_id: 'AbCdEf0123456789',
  };
  return json(error.status ?? 400, { error: body });
}

/** A dead token: Meta adds a challenge header to these. */
export function tokenError(subcode: number | undefined, message: string, status = 400): Answer {
  const answer = graphError({ code: 190, message, status, ...(subcode === undefined ? {} : { subcode }) });
  const challenge = `OAuth "Facebook Platform" "invalid_token" "${message.replaceAll('"', "'")}"`;
  return { ...answer, headers: { ...answer.headers, 'www-authenticate': challenge } };
}

/** An object that is not there, or that this token may not see: Meta does not tell which. */
export function unknownObject(verb: 'get' | 'post', id: string): Answer {
  return graphError({
    code: 100,
    subcode: 33,
    type: 'GraphMethodException',
    message: `Unsupported ${verb} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation.`,
  });
}

/** A parameter Meta does not take. */
export function invalidParameter(message: string): Answer {
  return graphError({ code: 100, message: `(#100) ${message}` });
}

/** A parameter the call does not have; the wording is the reference's (2.5, "param collaborators is not allowed"). */
export function unknownParameter(name: string): Answer {
  return invalidParameter(`param ${name} is not allowed`);
}

/** A field the object does not have. */
export function unknownField(name: string): Answer {
  return invalidParameter(`Tried accessing nonexisting field (${name})`);
}

/** A publishing error with the texts Meta shows to people. */
export function publishingError(code: number, subcode: number, message: string, userMessage: string): Answer {
  return graphError({ code, subcode, message, transient: false, userTitle: message, userMessage });
}
