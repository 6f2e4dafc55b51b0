// The client: settings that were checked, and the calls. It keeps the key to itself; the core has it.

import { call, type CallPromise } from "./call.js";
import { fromThrown } from "./decode.js";
import { Driver } from "./driver.js";
import { ConfigError } from "./errors.js";
import { fetchTransport } from "./fetch-transport.js";
import { LiveActivities } from "./live-activities.js";
import { WidgetMetrics } from "./metrics.js";
import { type Badge, type BadgeResponse, type Color, type Icon, STATE_TYPES } from "./models.js";
import { nodeTransport } from "./node-transport.js";
import { Notifications } from "./notifications.js";
import { type CallOptions, type ClientOptions, fields, settings } from "./options.js";
import type { BadgeFields, StreamState } from "./requests.js";
import { isBrowser } from "./runtime.js";
import { openClient } from "./wasm.js";

/** A client of the ActivitySmith API. */
export class ActivitySmith {
  /** The calls about Live Activities. */
  readonly liveActivities: LiveActivities;
  /** The calls about push notifications. */
  readonly notifications: Notifications;
  /** The call about the values of metrics, which widgets show. */
  readonly metrics: WidgetMetrics;
  readonly #driver: Driver;

  /** A client with these options, else the environment's. Throws a `ConfigError`; a missing key is reported at the first call. */
  constructor(options: ClientOptions = {}) {
    try {
      this.#driver = connect(options);
      this.liveActivities = new LiveActivities(this.#driver);
      this.notifications = new Notifications(this.#driver);
      this.metrics = new WidgetMetrics(this.#driver);
    } catch (thrown) {
      throw fromThrown(thrown);
    }
  }

  /** Sets the number on the app's icon, from 0, which removes it, to 2,147,483,647: for some channels, or all. */
  badgeCount(badge: number, target?: BadgeFields, options?: CallOptions): CallPromise<BadgeResponse> {
    const request = () => ({ badge, ...fields(target, "badgeCount(badge, {}, { timeout })") });
    return call(this.#driver, "badge", () => ["", request()], options);
  }

  /** The types of states. */
  static readonly liveActivityTypes = STATE_TYPES;

  /** Returns the state unchanged, with its type checked. */
  static contentState<State extends StreamState>(state: State): State {
    return withoutUndefined(state);
  }

  /** A picture beside the title. */
  static alertIcon(symbol: string, options: { color?: Color | undefined } = {}): Icon {
    return withoutUndefined({ symbol, color: options.color });
  }

  /** A short label in a corner. */
  static alertBadge(title: string, options: { color?: Color | undefined } = {}): Badge {
    return withoutUndefined({ title, color: options.color });
  }
}

function connect(options: ClientOptions): Driver {
  const { native, inert } = openClient(() => checked(options));
  // Where nothing is sent, no option is looked at.
  const given: ClientOptions = inert ? {} : options;
  const { fetch, transport = fetch ? undefined : nodeTransport() } = given;
  return new Driver(native, inert, transport ?? fetchTransport(fetch), given);
}

function checked(options: ClientOptions): string {
  const text = settings(options);
  if (isBrowser() && options.dangerouslyAllowBrowser !== true) {
    throw new ConfigError(
      "dangerouslyAllowBrowser",
      "is not set, and every visitor of a page can read its key; call the service from a server, or set it to true",
    );
  }
  return text;
}

function withoutUndefined<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Value;
}
