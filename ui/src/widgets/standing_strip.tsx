// How one alert stood over time, as a strip. What it says can be read in the table beside it.

import type { Strip } from "../alerts/spells";
import { formatDuration, nanoseconds } from "../base/time";

export function stripText({ timesTriggered, triggeredFor }: Strip): string {
  if (timesTriggered === 0) return "not triggered";
  return `triggered ${timesTriggered === 1 ? "once" : `${timesTriggered} times`}, for ${formatDuration(nanoseconds(triggeredFor))}`;
}

export function StandingStrip({ strip }: { strip: Strip }) {
  return (
    <svg class="standing-strip" viewBox="0 0 1000 16" preserveAspectRatio="none" role="img" aria-label={`${strip.name}: ${stripText(strip)}`}>
      <rect class="is-unknown" x={0} y={6} width={1000} height={4} />
      {strip.spells.map(({ standing, summary, left, width }, index) => (
        // Tall and low, so that the colour is not alone in telling them apart.
        <rect key={index} class={`is-${standing}`} x={left * 1000} width={Math.max(2, width * 1000)} y={standing === "triggered" || standing === "failed" ? 0 : 5} height={standing === "triggered" || standing === "failed" ? 16 : 6}>
          <title>{`${standing}${summary ? `: ${summary}` : ""}`}</title>
        </rect>
      ))}
    </svg>
  );
}
