/** The API, as the operator who has signed in. */
import { keepInTab, ofTab } from './settings.js';

/** What went wrong, as problem details (RFC 9457) tell it; status 0: nobody answered. */
export class Problem extends Error {
  constructor(status, title, detail) {
    super(detail || title);
    this.status = status;
    this.title = title;
    this.detail = detail;
  }
}

let token = ofTab('token');
let whenSignedOut = () => {};

/** Whom to tell that the token is none any more. */
export const onSignedOut = (listener) => {
  whenSignedOut = listener;
};

export const isSignedIn = () => token !== null;

export function signOut() {
  token = null;
  keepInTab('token', null);
}

/** Gets a token for a password, which is kept nowhere. */
export async function signIn(name, password) {
  const answer = await send('POST', '/login', { body: { name, password }, anonymous: true });
  token = answer.token;
  keepInTab('token', token);
}

export const path = (strings, ...values) => String.raw({ raw: strings }, ...values.map(encodeURIComponent));

/** A query of what is not empty. */
export function query(values) {
  const parts = Object.entries(values)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

export const get = (where, options) => send('GET', where, options);
export const post = (where, body, options) => send('POST', where, { ...options, body });
export const replace = (where, body, options) => send('PUT', where, { ...options, body });
export const remove = (where, options) => send('DELETE', where, options);

/** `body` is an object, or a text in YAML; `follows` is the version that whoever changes something has seen of it. */
async function send(method, where, { body, follows, signal, anonymous } = {}) {
  const asked = token;
  const isText = typeof body === 'string';
  const headers = {};
  if (body !== undefined) {
    headers['Content-Type'] = isText ? 'application/yaml' : 'application/json';
  }
  if (follows !== undefined) {
    headers['If-Match'] = `"${follows}"`; // its ETag
  }
  if (!anonymous) {
    headers.Authorization = `Bearer ${asked}`;
  }
  let response;
  try {
    response = await fetch(`/api/v1${where}`, {
      method,
      headers,
      signal,
      body: body === undefined || isText ? body : JSON.stringify(body),
      cache: 'no-store',
      credentials: 'omit',
    });
  } catch (error) {
    throw error.name === 'AbortError' ? error : new Problem(0, '', '');
  }
  const content = await response.json().catch(() => null);
  if (response.ok) {
    return content;
  }
  if (response.status === 401 && !anonymous && asked === token) {
    signOut();
    whenSignedOut();
  }
  throw new Problem(response.status, content?.title ?? response.statusText, content?.detail ?? '');
}
