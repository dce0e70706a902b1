// Sampling rules: what they say, what clients make of them, and a form to change them.

import { useState } from "preact/hooks";
import { ApiFailure } from "../../api/client";
import { callXray, type SamplingRule, type SamplingRules, type SamplingStatistics } from "../../api/xray";
import { formatCount, formatShare, significant } from "../../base/numbers";
import { change, hrefOf, place } from "../../state/location";
import { useDoors } from "../../state/use_doors";
import { useXray } from "../../state/xray_answer";
import { Problem } from "../../widgets/notice";
import { Spark } from "../../widgets/spark";
import { defaultRule, fieldsOf, ruleOf, typedValue } from "../../xray/rule_form";
import { useOfRules, type RuleUse } from "../../xray/rule_use";
import { RecordField, RecordForm } from "../../widgets/record_form";
import { XrayHead } from "./xray_head";

export function SamplingRulesView() {
  const { params } = place.value;
  const [changes, setChanges] = useState(0);
  const beat = useDoors();
  const { answer, failure } = useXray<SamplingRules>("getSamplingRules", changes);
  const { answer: reports } = useXray<SamplingStatistics>("getSamplingStatisticSummaries", beat);
  const rules = (answer?.SamplingRuleRecords ?? []).map((record) => record.SamplingRule);
  const uses = useOfRules(reports?.SamplingStatisticSummaries ?? [], Date.now() / 1000);
  const edited = rules.find((rule) => rule.RuleName === params.edit);
  return (
    <div class="view-page scrolls">
      <XrayHead>
        <span class="grow" />
        <button class="primary" onClick={() => change({ new: "1", edit: undefined })}>
          New rule
        </button>
      </XrayHead>
      <p class="note">Clients keep the reservoir of the first rule that matches each second, and of the other requests the rate. They ask for the rules themselves and report every ten seconds.</p>
      {failure && <Problem failure={failure} />}
      {(params.new || edited) && <RuleForm key={params.edit} rule={edited} onChange={() => setChanges((count) => count + 1)} />}
      <div class="block">
        <table class="plain-table" aria-label="Sampling rules">
          <thead>
            <tr>
              <th>Name</th>
              <th class="number">Priority</th>
              <th class="number">Reservoir</th>
              <th class="number">Rate</th>
              <th>Requests</th>
              <th>Use in the last 10 minutes</th>
            </tr>
          </thead>
          <tbody>
            {rules.map((rule) => (
              <tr key={rule.RuleName}>
                <td>
                  <a href={hrefOf("/xray/rules", { edit: rule.RuleName })}>{rule.RuleName}</a>
                </td>
                <td class="number">{rule.RuleName === defaultRule ? <span class="faint">last</span> : rule.Priority}</td>
                <td class="number">{formatCount(rule.ReservoirSize)}/s</td>
                <td class="number">{significant(rule.FixedRate * 100)} %</td>
                <td class="mono">{conditionOf(rule)}</td>
                <td>
                  <Use use={uses.get(rule.RuleName)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

/** Only what narrows: "POST orders /orders/*". */
function conditionOf(rule: SamplingRule): string {
  const parts = [rule.HTTPMethod, rule.ServiceName, rule.Host, rule.URLPath, rule.ServiceType, rule.ResourceARN].filter((part) => part !== "*");
  const attributes = Object.entries(rule.Attributes ?? {}).map(([key, value]) => `${key}=${value}`);
  return [...parts, ...attributes].join(" ") || "any";
}

function Use({ use }: { use: RuleUse | undefined }) {
  if (!use) return <span class="faint">no client reported</span>;
  return (
    <span class="rule-use">
      <Spark values={use.byMinute} width={90} height={18} />
      {formatCount(use.requests)} requests, {formatCount(use.sampled)} kept ({formatShare(use.sampled, use.requests)}){use.borrowed > 0 && `, ${formatCount(use.borrowed)} borrowed`}
    </span>
  );
}

function RuleForm({ rule, onChange }: { rule: SamplingRule | undefined; onChange: () => void }) {
  const fields = fieldsOf(rule);
  const save = async (typed: (name: string) => string): Promise<void> => {
    const made = ruleOf(fields, typed);
    if ("problem" in made) throw new ApiFailure(made.problem, "bad_input");
    if (rule) await callXray("updateSamplingRule", { SamplingRuleUpdate: { RuleName: rule.RuleName, ...made.members } });
    else await callXray("createSamplingRule", { SamplingRule: { ...made.members, Version: 1 } });
    onChange();
  };
  const remove = async (): Promise<void> => {
    await callXray("deleteSamplingRule", { RuleName: rule!.RuleName });
    onChange();
  };
  return (
    <RecordForm title={rule ? `Rule ${rule.RuleName}` : "New rule"} save={save} remove={rule && rule.RuleName !== defaultRule ? remove : undefined} leave={() => change({ new: undefined, edit: undefined })}>
      {fields.map((field) => (
        <RecordField key={field.name} name={field.name} label={field.label} hint={field.hint} value={typedValue(field, rule)} />
      ))}
    </RecordForm>
  );
}
