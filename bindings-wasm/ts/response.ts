// An answer of the service as a `Response`.

import { ofFetch } from "./runtime.js";

export type HeaderList = readonly (readonly [name: string, value: string])[];

/** A `Response` of these, as far as it can hold them: some statuses have no body, and some that come over the wire are none to it. */
export function responseOf(status: number, body: string | Uint8Array<ArrayBuffer>, headers: HeaderList): Response {
  const bare = status === 204 || status === 205 || status === 304;
  const known = status >= 200 && status <= 599 ? status : 500;
  const response = new (ofFetch("Response"))(bare ? null : body, { status: known });
  for (const [name, value] of headers) {
    try {
      response.headers.append(name, value);
    } catch {
      // What no `Response` can hold, a transport of the caller's made up.
    }
  }
  return response;
}
