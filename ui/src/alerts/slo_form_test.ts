import assert from "node:assert/strict";
import { test } from "node:test";
import type { BurnAlert, Slo } from "../api/alerts";
import { aliasOf, burnAlertOf, sloOf, typedBurnAlert, typedSlo } from "./slo_form";

const slo: Slo = { id: "s", name: "fast", sli: { alias: "good" }, time_period_days: 14, target_per_million: 999_500, dataset_slug: "shop" };
const alert: BurnAlert = { id: "b", alert_type: "exhaustion_time", exhaustion_minutes: 90, slo: { id: "s" }, dataset_slug: "shop", triggered: false, recipients: [{ id: "r" }, { type: "email", target: "ops@example.com" }] };

test("an SLO that is typed comes out as it went in", () => {
  assert.deepEqual(sloOf(typedSlo(slo), "good"), { members: { name: "fast", sli: { alias: "good" }, time_period_days: 14, target_per_million: 999_500 } });
});

test("a burn alert that is typed comes out as it went in, with the recipients that no form shows", () => {
  const recipients = [{ type: "email", target: "ops@example.com" }, { id: "r" }];
  assert.deepEqual(burnAlertOf(typedBurnAlert(alert), "s", alert.recipients), { members: { alert_type: "exhaustion_time", exhaustion_minutes: 90, slo: { id: "s" }, recipients } });
  const rate: BurnAlert = { ...alert, alert_type: "budget_rate", budget_rate_window_minutes: 120, budget_rate_decrease_threshold_per_million: 15_000 };
  assert.deepEqual(burnAlertOf(typedBurnAlert(rate), "s", rate.recipients), {
    members: { alert_type: "budget_rate", budget_rate_window_minutes: 120, budget_rate_decrease_threshold_per_million: 15_000, slo: { id: "s" }, recipients },
  });
});

test("what cannot be is said", () => {
  for (const [wrong, why] of [
    [{ name: "" }, /name/],
    [{ target: "100" }, /below 100/],
    [{ days: "1.5" }, /whole days/],
  ] as const) {
    const made = sloOf({ ...typedSlo(slo), ...wrong }, "good");
    assert.ok("problem" in made && why.test(made.problem), JSON.stringify(made));
  }
  for (const [wrong, why] of [
    [{ hours: "soon" }, /“soon”/],
    [{ kind: "budget_rate", share: "0" }, /percentage/],
    [{ kind: "budget_rate", window: "0.5" }, /an hour or more/],
  ] as const) {
    const made = burnAlertOf({ ...typedBurnAlert(alert), ...wrong }, "s");
    assert.ok("problem" in made && why.test(made.problem), JSON.stringify(made));
  }
});

test("the column of a verdict is called after the SLO", () => {
  assert.equal(aliasOf(" Cards are quick! "), "sli.cards_are_quick");
  assert.equal(aliasOf("…"), "sli.good");
});
