// Proxies that the environment asks for, as far as Node is concerned: which of its versions use them, and what to say
// where one is ignored.

import { isNode, process, variable } from "./runtime.js";
import type { TransportRequest } from "./transport.js";

/** Whether this Node's agents take proxies from the environment: from 24.5 on, and in 22 from 22.21 on. */
export function agentKnowsProxies(): boolean {
  const [major = 0, minor = 0] = (process()?.versions?.["node"] ?? "").split(".").map(Number);
  return major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 21);
}

/** Says, for the end of a message, that a proxy is asked for which is not used: by this Node's agents, or by its `fetch` unasked. */
export function proxyIgnored(request: TransportRequest, by: "agent" | "fetch"): string {
  const isUsed = by === "agent" ? agentKnowsProxies() : !isNode() || variable("NODE_USE_ENV_PROXY");
  const name = isUsed ? undefined : proxyVariable(request);
  if (!name) return "";
  const when =
    by === "agent"
      ? "Node uses it from 22.21 and 24.5 on only"
      : "Node's own fetch uses it only with NODE_USE_ENV_PROXY=1";
  return `; ${name} is set, but ${when}`;
}

/** The variable that names a proxy for such an address; Node reads no others. */
function proxyVariable({ loopback, url }: TransportRequest): string | undefined {
  if (loopback) return undefined;
  const scheme = url.slice(0, url.indexOf(":"));
  return [`${scheme}_proxy`, `${scheme.toUpperCase()}_PROXY`].find((name) => variable(name));
}
