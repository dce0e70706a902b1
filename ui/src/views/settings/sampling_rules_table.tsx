// The sampling rules that clients of X-Ray ask for, in short; each leads to where it is edited.

import type { SamplingRules } from "../../api/xray";
import { formatCount, significant } from "../../base/numbers";
import { hrefOf } from "../../state/location";
import { useXray } from "../../state/xray_answer";

export function SamplingRulesTable() {
  const { answer } = useXray<SamplingRules>("getSamplingRules");
  const rules = (answer?.SamplingRuleRecords ?? []).map((record) => record.SamplingRule);
  return (
    <>
      {rules.length > 0 && (
        <table class="plain-table" aria-label="Sampling rules of X-Ray">
          <thead>
            <tr><th>Rule</th><th>Service</th><th class="number">Reservoir</th><th class="number">Rate</th></tr>
          </thead>
          <tbody>
            {rules.map((rule) => (
              <tr key={rule.RuleName}>
                <td>
                  <a href={hrefOf("/xray/rules", { edit: rule.RuleName })}>{rule.RuleName}</a>
                </td>
                <td>{rule.ServiceName === "*" ? <span class="faint">every one</span> : rule.ServiceName}</td>
                <td class="number">{formatCount(rule.ReservoirSize)}/s</td>
                <td class="number">{significant(rule.FixedRate * 100)} %</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <a class="button small" href="/xray/rules?new=1">
        New rule
      </a>
    </>
  );
}
