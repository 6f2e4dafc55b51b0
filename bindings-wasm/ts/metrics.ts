// The call about the values of metrics, which widgets show.

import { call, type CallPromise } from "./call.js";
import type { Driver } from "./driver.js";
import { printWithoutMark, UNCLONEABLE } from "./local.js";
import type { MetricRequest, MetricResponse } from "./models.js";
import { addLongNames, type LongNames } from "./official.js";
import { type CallOptions, fields } from "./options.js";

/** The official package's long names. */
export interface WidgetMetrics extends LongNames<{
  updateMetricValue: [{ key: string; metricValueUpdateRequest: MetricRequest }, MetricResponse];
}> {}

/** Without members that are undefined, which would take the place of others. */
const given = (measured: object = {}): object =>
  Object.fromEntries(Object.entries(measured).filter(([, value]) => value !== undefined));

export class WidgetMetrics {
  /** @internal */
  readonly uncloneable = UNCLONEABLE;
  readonly #driver: Driver;

  static {
    printWithoutMark(this);
    addLongNames(this, { updateMetricValue: ["metric", "metricValueUpdateRequest", "key"] }, (self) => self.#driver);
  }

  /** @internal Created by a client. */
  constructor(driver: Driver) {
    this.#driver = driver;
  }

  /** Sets the value of a metric: a finite number, or a text of 1 to 64 characters. Without a `timestamp` it is measured now. */
  update(
    key: string,
    value: MetricRequest["value"] | MetricRequest,
    measured?: Omit<MetricRequest, "value" | "extra">,
    options?: CallOptions,
  ): CallPromise<MetricResponse> {
    const request = () => ({
      ...(typeof value === "object" && value !== null && "value" in value ? value : { value }),
      ...given(fields(measured, "metrics.update(key, value, {}, { timeout })")),
    });
    return call(this.#driver, "metric", () => [key, request()], options);
  }
}
