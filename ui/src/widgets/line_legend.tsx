// What the colours of a chart stand for, where no table below it says so.

import type { Answer } from "../api/answers";
import { panelsOf } from "../query/result";
import { lineHues } from "./line_hue";

const mostNamed = 12;

export function LineLegend({ answer }: { answer: Answer }) {
  const lines = panelsOf(answer)[0]?.lines.filter(({ row }) => row >= 0) ?? [];
  if (lines.length === 0) return null;
  const hues = lineHues(answer);
  return (
    <ul class="line-legend" aria-label="Lines">
      {lines.slice(0, mostNamed).map(({ row, name }) => (
        <li key={row}>
          <span class="line-swatch" style={{ "--hue": String(hues.get(row)) }} /> <span class="clip">{name}</span>
        </li>
      ))}
      {answer.rows.length > mostNamed && <li class="soft">and {answer.rows.length - mostNamed} more</li>}
    </ul>
  );
}
