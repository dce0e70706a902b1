// Deliveries: what became of every message to people, the newest first.

import { deliveriesUrl, type Delivery } from "../../api/alerts";
import { describeMoment, formatAgo, moment, now } from "../../base/time";
import { formatCount } from "../../base/numbers";
import { useAnswer } from "../../state/answer";
import { useBeat } from "../../state/use_beat";
import { Icon } from "../../widgets/icon";
import { Empty, Problem } from "../../widgets/notice";
import { AlertsHead } from "./alerts_head";

const readEveryMs = 3_000;
const words = { waiting: "waiting", delivered: "delivered", given_up: "given up" } as const;
const icons = { waiting: "clock", delivered: "check", given_up: "error" } as const;

export function DeliveriesView() {
  const { answer, failure } = useAnswer<{ notifications: Delivery[] }>(deliveriesUrl, useBeat(readEveryMs));
  const deliveries = answer?.notifications ?? [];
  return (
    <div class="view-page scrolls">
      <AlertsHead>
        <span class="soft">{deliveries.length > 0 && `newest ${formatCount(deliveries.length)}; finished ones are kept for a week`}</span>
      </AlertsHead>
      {failure && <Problem failure={failure} />}
      {answer && deliveries.length === 0 && (
        <Empty title="No message yet">
          <p>What triggers, burn alerts and errors tell people is listed here, with every attempt, until a week after it arrived or was given up.</p>
        </Empty>
      )}
      {deliveries.length > 0 && (
        <div class="block">
          <table class="plain-table" aria-label="Deliveries">
            <thead>
              <tr>
                <th>State</th>
                <th>Message</th>
                <th>To</th>
                <th class="number">Attempts</th>
                <th>Made</th>
                <th>Then</th>
              </tr>
            </thead>
            <tbody>
              {deliveries.map((one) => (
                <tr key={one.id}>
                  <td>
                    <span class={`alert-mark is-${one.progress}`}>
                      <Icon name={icons[one.progress]} size={14} />
                      {words[one.progress]}
                    </span>
                  </td>
                  <td>
                    {one.title}
                    {one.failure && <div class="error-text">{one.failure}</div>}
                  </td>
                  <td>{one.recipient}</td>
                  <td class="number">{formatCount(one.attempts)}</td>
                  <td>
                    <Time at={one.created_ns} />
                  </td>
                  <td>
                    {one.due_ns && <>again <Time at={one.due_ns} /></>}
                    {one.finished_ns && <Time at={one.finished_ns} />}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}

function Time({ at }: { at: string }) {
  return <span title={describeMoment(moment(at))}>{formatAgo(moment(at), now())}</span>;
}
