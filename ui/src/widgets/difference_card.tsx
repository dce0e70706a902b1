// One column in which a selection differs from the rest: both sides in shares, side by side. A click on a value asks what
// to do with it.

import type { BubbleUp, BubbleUpColumn, BubbleUpValue } from "../api/bubble_up";
import { formatShare, significant } from "../base/numbers";
import { formatDuration, milliseconds } from "../base/time";
import { barsOf, spansOf, type DifferenceSpan } from "../query/difference";

export interface DifferenceCardProps {
  column: BubbleUpColumn;
  answer: BubbleUp;
  onValue: (value: BubbleUpValue, event: MouseEvent) => void;
  onSpan: (span: { low: number; high: number; isLast: boolean }, event: MouseEvent) => void;
  onName: (event: MouseEvent) => void;
}

const mostBars = 6;
const percent = (value: number): string => formatShare(value, 1);

export function DifferenceCard(props: DifferenceCardProps) {
  const { column, answer, onName } = props;
  const spans = spansOf(column, answer);
  return (
    <section class="difference-card" aria-label={column.column}>
      <header>
        <button class="plain cell" onClick={onName} title="What to do with this column">
          <strong class="clip">{column.column}</strong>
        </button>
        <span class="grow" />
        <span class="faint" title={`Confidence ${percent(column.confidence)}`}>
          differs by {percent(column.score)}
        </span>
      </header>
      {spans.length > 0 ? <Measure {...props} spans={spans} /> : <Dimension {...props} />}
    </section>
  );
}

function Dimension({ column, answer, onValue }: DifferenceCardProps) {
  const bars = barsOf(column, answer, mostBars);
  const more = column.values_in_all - bars.length;
  return (
    <ul>
      {bars.map((bar, index) => (
        <li key={index}>
          <button
            class="plain difference-value"
            onClick={(event) => onValue(column.values[index]!, event)}
          >
            <span class="clip" title={bar.text}>{bar.text}</span>
            <span class="difference-bars">
              <span class="of-selection" style={{ "--share": String(bar.selectedShare) }} />
              <span class="of-rest" style={{ "--share": String(bar.restShare) }} />
            </span>
            <span class="number">
              {percent(bar.selectedShare)}
              <span class="for-screen-readers"> of the selection, </span>
              <br />
              <span class="faint">{percent(bar.restShare)}</span>
              <span class="for-screen-readers"> of the rest</span>
            </span>
          </button>
        </li>
      ))}
      {more > 0 && <li class="faint difference-more">{more} more {more === 1 ? "value" : "values"}</li>}
    </ul>
  );
}

const height = 56;

function Measure({ column, spans, onSpan }: DifferenceCardProps & { spans: readonly DifferenceSpan[] }) {
  const most = Math.max(...spans.flatMap((span) => [span.selectedDensity, span.restDensity]), 1e-12);
  const isTime = /_ms$/.test(column.column);
  const text = (value: number): string => (isTime ? formatDuration(milliseconds(value)) : significant(value));
  return (
    <div class="difference-measure">
      <div class="difference-spans">
        {spans.map((span, index) => (
          <button
            key={index}
            class="plain"
            style={{ left: `${span.left * 100}%`, width: `${(span.right - span.left) * 100}%` }}
            aria-label={`${text(span.low)} to ${text(span.high)}: ${percent(span.selectedShare)} of the selection, ${percent(span.restShare)} of the rest`}
            title={`${text(span.low)} to ${text(span.high)}: ${percent(span.selectedShare)} of the selection, ${percent(span.restShare)} of the rest`}
            onClick={(event) => onSpan({ low: span.low, high: span.high, isLast: index === spans.length - 1 }, event)}
          >
            <span class="of-rest" style={{ height: `${Math.round(Math.sqrt(span.restDensity / most) * height)}px` }} />
            <span class="of-selection" style={{ height: `${Math.round(Math.sqrt(span.selectedDensity / most) * height)}px` }} />
          </button>
        ))}
      </div>
      <p class="faint difference-axis">
        <span>{text(spans[0]!.low)}</span>
        <span>{text(spans.at(-1)!.high)}</span>
      </p>
    </div>
  );
}
