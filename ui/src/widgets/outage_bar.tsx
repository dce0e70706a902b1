// What is said while clew does not answer: that it is tried again, when, and how not to wait for that. It lies over the
// page, so that nothing below it moves.

import { useEffect, useState } from "preact/hooks";
import { connection, nextAttempt, tryNow } from "../api/connection";

export function OutageBar() {
  const isLost = connection.value === "lost";
  return (
    <div role="status" aria-label="Connection">
      {isLost && (
        <div class="outage-bar">
          clew does not answer. It is tried again by itself; nothing you typed is lost. <Countdown />
          <button class="small" onClick={tryNow}>
            Try now
          </button>
        </div>
      )}
    </div>
  );
}

/** For the eye alone: read aloud it would never end. */
function Countdown() {
  const due = nextAttempt.value;
  const [, repaint] = useState(0);
  useEffect(() => {
    if (due === undefined) return;
    const timer = setInterval(() => repaint((count) => count + 1), 500);
    return () => clearInterval(timer);
  }, [due]);
  const seconds = due === undefined ? 0 : Math.ceil((due - performance.now()) / 1000);
  return (
    <span class="outage-countdown" aria-hidden="true">
      {seconds > 0 ? `in ${seconds} s` : "now"}
    </span>
  );
}
