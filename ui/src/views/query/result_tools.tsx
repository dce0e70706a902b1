// How the answer is shown: its shape, the scale of heat maps, what it is compared with.

import { clausesOf, heatmapColumn, itemsOf, textOfClauses } from "../../query/clauses";
import { comparisons, isLogarithmic, shapeOf, shapes } from "../../query/shape";
import { change, place } from "../../state/location";
import { askAnew } from "./question_actions";

export function ResultTools() {
  const { params } = place.value;
  const clauses = clausesOf(params.q ?? "");
  const shape = shapeOf(params);
  const isHeatmap = heatmapColumn(clauses) !== undefined;
  const toggleHeatmap = (): void => {
    const others = itemsOf(clauses.select).filter((item) => !/^(HEATMAP|ROWS)\b/i.test(item));
    const select = isHeatmap ? others : ["HEATMAP(duration_ms)", ...others];
    askAnew(textOfClauses({ ...clauses, select: select.join(", ") }));
  };
  return (
    <div class="result-tools">
      <span class="segmented" role="group" aria-label="Shape of the answer">
        {shapes.map(({ name, title, does }) => (
          <button key={name} class="small" aria-pressed={shape === name} title={does} onClick={() => change({ shape: name === "lines" ? undefined : name })}>
            {title}
          </button>
        ))}
      </span>
      <button class="small" aria-pressed={isHeatmap} title="How durations are spread over time; drag on it to compare" onClick={toggleHeatmap}>
        Heatmap
      </button>
      {isHeatmap && (
        <button class="small" aria-pressed={isLogarithmic(params)} title="Steps of one factor instead of one width" onClick={() => change({ scale: isLogarithmic(params) ? "linear" : "log", sel: undefined })}>
          Log scale
        </button>
      )}
      <label class="soft">
        Compare with{" "}
        <select value={params.compare ?? ""} onChange={(event) => change({ compare: event.currentTarget.value || undefined })}>
          <option value="">nothing</option>
          {comparisons.map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
