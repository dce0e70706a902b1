// How far a question has come, and the way to stop it; not shown before it takes long enough to be noticed.

import { formatCount } from "../../base/numbers";
import { formatDuration, milliseconds } from "../../base/time";
import type { AskedQuestion } from "../../state/question";
import { useKeys } from "../../widgets/use_keys";

export function Running({ asked }: { asked: AskedQuestion }) {
  const { progress } = asked;
  useKeys(() => ({ title: "Running question", actions: [{ keys: ["Escape"], shown: "esc", does: "cancel it", act: asked.cancel }] }), []);
  const share = progress && progress.rows_total > 0 ? progress.rows_scanned / progress.rows_total : undefined;
  return (
    <span class="running" role="status">
      <progress value={share} max={1} aria-label="Rows looked at" />
      {progress && `${formatCount(progress.rows_scanned)} rows, ${formatDuration(milliseconds(progress.elapsed_ms))}`}
      <button class="small" title="Cancel (esc)" onClick={asked.cancel}>
        Cancel
      </button>
    </span>
  );
}
