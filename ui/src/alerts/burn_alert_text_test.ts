import assert from "node:assert/strict";
import { test } from "node:test";
import type { BurnAlert } from "../api/alerts";
import { burnAlertText } from "./burn_alert_text";

const alert = { id: "b", slo: { id: "s" }, dataset_slug: "shop", recipients: [], triggered: false };

test("burn alerts in words", () => {
  const texts = (
    [
      { ...alert, alert_type: "exhaustion_time", exhaustion_minutes: 240 },
      { ...alert, alert_type: "exhaustion_time", exhaustion_minutes: 0 },
      { ...alert, alert_type: "budget_rate", budget_rate_window_minutes: 60, budget_rate_decrease_threshold_per_million: 15_000 },
    ] satisfies BurnAlert[]
  ).map(burnAlertText);
  assert.deepEqual(texts, ["the budget will be gone within 4 h", "the budget is gone", "1.5 % of the budget goes in 1 h"]);
});
