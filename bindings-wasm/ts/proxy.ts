// Proxies that the environment asks for, as far as Node is concerned: which of its versions use them, and what to say
// where one is ignored.

import { isNode, process, variable } from "./runtime.js";
import type { TransportRequest } from "./transport.js";

/** Whether this Node's agents take proxies from the environment: from 24.5 on, and in 22 from 22.21 on. */
export function agentKnowsProxies(): boolean {
  const [major = 0, minor = 0] = (process()?.versions?.["node"] ?? "").split(".").map(Number);
  return major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 21);
}

/** Says, for the end of a message, that a proxy is asked for which this Node's agents do not know. */
export function proxyIgnoredByAgent(request: TransportRequest): string {
  const name = agentKnowsProxies() ? undefined : proxyVariable(request);
  return name ? `; ${name} is set, but Node uses it from 22.21 and 24.5 on only` : "";
}

/** Says, for the end of a message, that a proxy is asked for which Node's `fetch` does not use unasked. */
export function proxyIgnoredByFetch(request: TransportRequest): string {
  const name = isNode() && !variable("NODE_USE_ENV_PROXY") ? proxyVariable(request) : undefined;
  return name ? `; ${name} is set, but Node's own fetch uses it only with NODE_USE_ENV_PROXY=1` : "";
}

/** The variable that names a proxy for such an address; Node reads no others. */
function proxyVariable({ loopback, url }: TransportRequest): string | undefined {
  if (loopback) return undefined;
  const scheme = url.slice(0, url.indexOf(":"));
  return [`${scheme}_proxy`, `${scheme.toUpperCase()}_PROXY`].find((name) => variable(name));
}
