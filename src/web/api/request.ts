import type { ErrorBody } from '../../contract/common/schema.ts';
import { errorText } from '../i18n/error-messages.ts';
import { messages } from './messages.ts';
import { ORGANIZATION_HEADER, PERSON_HEADER } from '../../contract/paths.ts';

/** A failed request. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** HTTP status; 0 without a response. */
  readonly status: number;
  readonly errors: readonly string[];

  /** @param errors sentences for the person, most important first */
  constructor(status: number, errors: readonly string[]) {
    super(errors.join('; '));
    this.status = status;
    this.errors = errors;
  }
}

interface RequestOptions {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** The organization to act in. */
  org?: string;
  body?: unknown;
  /** ETag of the object to change; the server responds with 412 if the object has changed. */
  ifMatch?: string;
  signal?: AbortSignal;
}

const TIMEOUT = 30_000;

let pagePersonId: string | undefined;

/** Sets the signed-in person, whose id every request carries. Undefined: no person is signed in. */
export function setPagePerson(personId: string | undefined): void {
  pagePersonId = personId;
}

/**
 * Calls the API and returns the body of the response, which is not validated.
 *
 * @throws ApiError unless the response is a success
 */
export async function request<Answer>(path: string, options: RequestOptions = {}): Promise<Answer> {
  return (await requestTagged<Answer>(path, options)).answer;
}

/** A response with its ETag. */
export interface Tagged<Answer> {
  answer: Answer;
  tag: string;
}

/** Like {@link request}, with the ETag for {@link RequestOptions.ifMatch}. */
export async function requestTagged<Answer>(path: string, options: RequestOptions): Promise<Tagged<Answer>> {
  const senderId = pagePersonId;
  const { response, text } = await send(path, options);
  // A change of several requests must not continue as another person; a late 401 must not end a new session.
  if (senderId !== undefined && senderId !== pagePersonId) {
    throw new ApiError(0, [messages.personChanged]);
  }
  if (!response.ok) throw new ApiError(response.status, readErrors(response.status, text));
  const answer: Answer = JSON.parse(text || 'null');
  // A compressing proxy makes the ETag weak.
  return { answer, tag: (response.headers.get('ETag') ?? '').replace(/^W\//, '') };
}

/** Sends a request and reads the body. An error whose body cannot be read keeps its status. */
async function send(
  path: string,
  { method = 'GET', org, body, ifMatch, signal }: RequestOptions,
): Promise<{ response: Response; text: string }> {
  const headers = new Headers({ Accept: 'application/json' });
  if (ifMatch !== undefined) headers.set('If-Match', ifMatch);
  if (pagePersonId !== undefined) headers.set(PERSON_HEADER, pagePersonId);
  if (org !== undefined) headers.set(ORGANIZATION_HEADER, org);
  if (body !== undefined) headers.set('Content-Type', 'application/json');
  const timeout = AbortSignal.timeout(TIMEOUT);
  try {
    const response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    const text = await response.text().catch((error: unknown) => {
      if (response.ok || signal?.aborted) throw error;
      return '';
    });
    return { response, text };
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, [timeout.aborted ? messages.timeout : messages.unreachable]);
  }
}

/** Returns the errors of a response, which may come from a proxy in another format. */
function readErrors(status: number, text: string): readonly string[] {
  try {
    const { errors, codes }: Partial<ErrorBody> = JSON.parse(text);
    if (errors && errors.length > 0) return sentences(errors, codes);
  } catch {
    // Not JSON.
  }
  return [messages.unexpectedStatus(status)];
}

/** Returns the console's sentences for errors with codes, without the first if it only introduces the others. */
function sentences(errors: readonly string[], codes: ErrorBody['codes'] = []): readonly string[] {
  const texts = errors.map((text, index) => {
    const coded = codes[index];
    return coded ? errorText(coded, text) : text;
  });
  return texts.length > 1 && codes[0]?.code === 'validation_failed' ? texts.slice(1) : texts;
}

/** Returns whether the server responds, bypassing caches. */
export async function isServerThere(): Promise<boolean> {
  try {
    return (await fetch('/', { method: 'HEAD', cache: 'no-store' })).ok;
  } catch {
    return false;
  }
}

/** Returns what to show the person about an error. */
export function errorMessages(error: unknown): readonly string[] {
  return error instanceof ApiError ? error.errors : [messages.unknown];
}

export function isStatus(error: unknown, status: number): boolean {
  return error instanceof ApiError && error.status === status;
}

/** Status of a change of an object that has changed since it was read. */
export const CHANGED_MEANWHILE = 412;

export function isChangedMeanwhile(error: unknown): boolean {
  return isStatus(error, CHANGED_MEANWHILE);
}
