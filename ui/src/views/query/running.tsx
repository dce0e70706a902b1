// How far a question has come, and the way to stop it; not shown before it takes long enough to be noticed.

import { formatCount } from "../../base/numbers";
import { formatDuration, milliseconds } from "../../base/time";
import type { AskedQuestion } from "../../state/question";

export function Running({ asked }: { asked: AskedQuestion }) {
  const { progress } = asked;
  const share = progress && progress.rows_total > 0 ? progress.rows_scanned / progress.rows_total : undefined;
  return (
    <span class="running" role="status">
      <progress value={share} max={1} aria-label="Rows looked at" />
      {progress && `${formatCount(progress.rows_scanned)} rows, ${formatDuration(milliseconds(progress.elapsed_ms))}`}
      <button class="small" onClick={asked.cancel}>
        Cancel
      </button>
    </span>
  );
}
