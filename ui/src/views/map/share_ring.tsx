// A ring of what became of requests: faults, throttled, errors, the rest. The numbers stand beside it.

import type { RequestFigures } from "../../api/answers";
import { outcomeShares } from "../../map/outcomes";

const radius = 15;
const size = 36;

export function ShareRing({ figures }: { figures: RequestFigures }) {
  const round = 2 * Math.PI * radius;
  return (
    <svg class="share-ring" width={size} height={size} viewBox={`0 0 ${size} ${size}`} aria-hidden="true">
      <circle class="share-none" cx={size / 2} cy={size / 2} r={radius} />
      {outcomeShares(figures).map(({ name, from, to }) => (
        <circle
          key={name}
          class={`share-${name}`}
          cx={size / 2}
          cy={size / 2}
          r={radius}
          stroke-dasharray={`${(to - from) * round} ${round}`}
          stroke-dashoffset={-from * round}
          transform={`rotate(-90 ${size / 2} ${size / 2})`}
        />
      ))}
    </svg>
  );
}
