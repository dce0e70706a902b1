// Beside an error: the deploy it came with, how its occurrences differ, versions, people, and why they are one.

import type { DeployOrigin, ErrorDetails } from "../../api/errors";
import { formatCount, formatShare } from "../../base/numbers";
import { describeMoment, formatAgo, moment, now } from "../../base/time";
import { hrefOf } from "../../state/location";
import { Groups, type Act } from "./groups";
import { Facts, Part } from "./parts";

/** The list of all errors of a version, a person. */
const findBy = (name: string, value: string): string => hrefOf("/errors", { q: `${name}:${/[ "]/.test(value) ? `"${value.replaceAll('"', "")}"` : value}`, state: "any" });

function DeployLines({ origin: { deploy, because } }: { origin: DeployOrigin }) {
  return (
    <>
      <p>
        <strong class="mono">{deploy.revision}</strong> {deploy.environment && `in ${deploy.environment}`} {deploy.user && `by ${deploy.user}`}{" "}
        <span class="faint" title={describeMoment(moment(deploy.started_ns))}>
          {formatAgo(moment(deploy.started_ns), now())}
        </span>{" "}
        {deploy.status !== "succeeded" && <span class="chip">{deploy.status.replace("_", " ")}</span>}
      </p>
      <p class="faint">{because === "version" ? "the version that had the error" : "the last deploy before it"}</p>
      {deploy.comment && <p class="soft">{deploy.comment}</p>}
    </>
  );
}

export function ErrorSide({ error, act }: { error: ErrorDetails; act: Act }) {
  const { first_seen_in: first, likely_caused_by: cause } = error;
  const differing = error.distributions.filter(({ values, others }) => values.length > 1 || others > 0);
  return (
    <aside class="error-side" aria-label="About this error">
      {cause && (
        <Part title="Likely caused by">
          <DeployLines origin={cause} />
        </Part>
      )}
      {first && first.deploy.id !== cause?.deploy.id && (
        <Part title="First seen in">
          <DeployLines origin={first} />
        </Part>
      )}
      {differing.length > 0 && (
        <Part title={`How the newest ${formatCount(error.sampled)} differ`}>
          {differing.map(({ column, values, others }) => {
            const whole = values.reduce((sum, value) => sum + value.occurrences, others);
            return (
              <div class="distribution" key={column}>
                <p class="faint">{column}</p>
                {values.slice(0, 5).map((value) => (
                  <p key={value.value} class="distribution-value" title={`${formatCount(value.occurrences)} of ${formatCount(whole)}`}>
                    <span class="distribution-bar" style={{ width: `${(value.occurrences / Math.max(1, whole)) * 100}%` }} />
                    <span class="clip">{value.value || "(none)"}</span>
                    <span class="faint">{formatShare(value.occurrences, whole)}</span>
                  </p>
                ))}
              </div>
            );
          })}
        </Part>
      )}
      {error.versions.length > 0 && (
        <Part title={`Versions ${error.versions.length}`}>
          <Facts facts={error.versions.map(({ version, occurrences, last_seen_ns }) => [<a href={findBy("version", version)}>{version}</a>, `${formatCount(occurrences)}, last ${formatAgo(moment(last_seen_ns), now())}`])} />
        </Part>
      )}
      {error.affected.length > 0 && (
        <Part title={`People ${error.affected.length}`}>
          <Facts facts={error.affected.map(({ id, name, email, occurrences }) => [<a href={findBy("person", id)} title={[id, name, email].filter(Boolean).join(", ")}>{name || email || id}</a>, formatCount(occurrences)])} />
        </Part>
      )}
      <Groups error={error} act={act} />
      {error.activity.length > 0 && (
        <Part title="History">
          <ol class="telemetry">
            {error.activity.map((one, index) => (
              <li key={index}>
                <span class="faint" title={describeMoment(moment(one.time_ns))}>
                  {formatAgo(moment(one.time_ns), now())}
                </span>{" "}
                {one.kind} {one.detail}
              </li>
            ))}
          </ol>
        </Part>
      )}
    </aside>
  );
}
