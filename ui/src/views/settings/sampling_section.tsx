// Sampling: how many traces the applications keep, where clew tells them: by Jaeger's remote sampling and by X-Ray's rules.

import { RemoteSampling } from "./remote_sampling";
import { SamplingRulesTable } from "./sampling_rules_table";

export function SamplingSection() {
  return (
    <section aria-label="Sampling">
      <h2>Sampling</h2>
      <p>
        Applications that ask are told here how many traces to keep. Where a sampler writes into its spans for how many they stand (<code>ot=th:…</code> in the trace state, <code>SampleRate</code>), what it
        left out is counted in; of the others, what was kept is counted.
      </p>
      <h3>OpenTelemetry and Jaeger</h3>
      <RemoteSampling />
      <h3>X-Ray</h3>
      <SamplingRulesTable />
    </section>
  );
}
