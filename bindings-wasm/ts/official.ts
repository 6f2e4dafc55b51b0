// The official package's long names: a call takes its key and its request as members of one object, and has a variant that gives the
// raw answer.

import { call, type CallPromise } from "./call.js";
import type { Driver } from "./driver.js";
import type { CallOptions } from "./options.js";
import { ofFetch } from "./runtime.js";

/** A pending answer. */
export interface RawAnswer<Answer> {
  raw: Response;
  value(): Promise<Answer>;
}

/** Methods, from their names with the parameters and the answer of each, and as many that give the raw answer. */
export type LongNames<Calls> = {
  [Name in keyof Calls]: Calls[Name] extends [infer Parameters, infer Answer]
    ? (parameters: Parameters, options?: CallOptions) => CallPromise<Answer>
    : never;
} & {
  [Name in keyof Calls & string as `${Name}Raw`]: Calls[Name] extends [infer Parameters, infer Answer]
    ? (parameters: Parameters, options?: CallOptions) => Promise<RawAnswer<Answer>>
    : never;
};

/** @internal What a long name calls, and the names of the parameters that hold the request and, where there is one, the key. */
export type LongName = readonly [endpoint: string, request: string, key?: string];

/** @internal Gives a class its long names. */
export function addLongNames<Part extends object>(
  { prototype }: { prototype: Part },
  names: Record<string, LongName>,
  driver: (part: Part) => Driver,
): void {
  for (const [name, [endpoint, request, key = ""]] of Object.entries(names)) {
    type Parameters = Record<string, unknown> | undefined;
    const method = function (this: Part, parameters: Parameters, options?: CallOptions): CallPromise<unknown> {
      return call(driver(this), endpoint, () => [key && parameters?.[key], parameters?.[request]], options);
    };
    const raw = async function (this: Part, ...given: [Parameters, CallOptions?]): Promise<RawAnswer<unknown>> {
      const { data, response } = await method.apply(this, given).withResponse();
      return { raw: response ?? new (ofFetch("Response"))(null, { status: 204 }), value: async () => data };
    };
    for (const [called, value] of Object.entries({ [name]: method, [`${name}Raw`]: raw }))
      Object.defineProperty(prototype, called, { value, configurable: true, writable: true });
  }
}
