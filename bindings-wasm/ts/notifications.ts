// The calls about push notifications.

import { call, type CallPromise } from "./call.js";
import type { Driver } from "./driver.js";
import { printWithoutMark, UNCLONEABLE } from "./local.js";
import type { PushReplacement, PushResponse } from "./models.js";
import { addLongNames, type LongNames } from "./official.js";
import type { CallOptions } from "./options.js";
import type { Push } from "./requests.js";

/** The official package's long names. */
export interface Notifications extends LongNames<{
  sendPushNotification: [{ pushNotificationRequest: Push }, PushResponse];
}> {}

export class Notifications {
  /** @internal */
  readonly uncloneable = UNCLONEABLE;
  readonly #driver: Driver;

  static {
    printWithoutMark(this);
    addLongNames(this, { sendPushNotification: ["push", "pushNotificationRequest"] }, (self) => self.#driver);
  }

  /** @internal Created by a client. */
  constructor(driver: Driver) {
    this.#driver = driver;
  }

  /** Sends a push notification; a text is its title. It is not sent again once it may have arrived. */
  send(push: Push | string, options?: CallOptions): CallPromise<PushResponse> {
    return call(this.#driver, "push", () => ["", push], options);
  }

  /**
   * Replaces a push notification by its `notification_id`, silently and for the same recipients. Content that is left out is removed;
   * tags and metadata that are left out stay.
   */
  replace(
    notificationId: string,
    replacement: PushReplacement | string,
    options?: CallOptions,
  ): CallPromise<PushResponse> {
    return call(this.#driver, "replace_push", () => [notificationId, replacement], options);
  }
}
