// The first page: how to begin while there is nothing, and what goes on once there is something.

import { useEffect, useRef } from "preact/hooks";
import type { ServerStatus } from "../../api/answers";
import { apiUrl } from "../../api/client";
import { useAnswer } from "../../state/answer";
import { useDoors } from "../../state/use_doors";
import { Problem } from "../../widgets/notice";
import { FirstMinutes } from "./first_minutes";
import { Overview } from "./overview";

export function HomeView() {
  const tick = useDoors();
  const beganEmpty = useRef(false);
  const { answer: status, failure } = useAnswer<ServerStatus>(apiUrl("status"), tick);
  useEffect(() => void (document.title = "clew"), []);
  if (failure && !status) return <Problem failure={failure} />;
  if (!status) return null;
  // Whoever watched the doors while there was nothing goes on to the first trace, not to the overview.
  beganEmpty.current ||= !status.has_data;
  return beganEmpty.current ? <FirstMinutes status={status} tick={tick} /> : <Overview status={status} tick={tick} />;
}
