// Why occurrences are one error: the groups it is made of, and what was hashed. Others are merged into it here, and
// taken apart again.

import { useState } from "preact/hooks";
import { mergeErrors, unmergeError, type ErrorDetails, type ErrorList } from "../../api/errors";
import { apiUrl } from "../../api/client";
import { formatCount } from "../../base/numbers";
import { errorNumber } from "../../errors/error_number";
import { useAnswer } from "../../state/answer";
import { Part } from "./parts";

/** Does it, says what was done or why it was not, and has the page read again. */
export type Act = (work: () => Promise<unknown>, said: string) => Promise<void>;

export function Groups({ error, act }: { error: ErrorDetails; act: Act }) {
  return (
    <Part title="Why these are one">
      {error.groups.map((group) => (
        <div key={group.fingerprint} class="grouping">
          <p>
            {group.reason} <span class="faint">
              {formatCount(group.occurrences)} {group.occurrences === 1 ? "occurrence" : "occurrences"}
            </span>
            {group.own_item !== error.id && (
              <>
                {" "}
                <span class="faint">
                  merged from <a href={`/errors/${group.own_item}`}>error {group.own_item}</a>
                </span>{" "}
                <button class="small" aria-label={`Take error ${group.own_item} apart`} onClick={() => void act(() => unmergeError(group.own_item), `Error ${group.own_item} is one of its own again`)}>
                  Take apart
                </button>
              </>
            )}
          </p>
          <pre tabIndex={0} aria-label="What was hashed">
            {group.hashed}
          </pre>
        </div>
      ))}
      {error.merged_into === null && <MergeForm error={error} act={act} />}
    </Part>
  );
}

function MergeForm({ error, act }: { error: ErrorDetails; act: Act }) {
  const [isAsked, ask] = useState(false);
  const { answer } = useAnswer<ErrorList>(isAsked ? apiUrl("errors", { limit: 100 }) : undefined, error.groups.length);
  const others = answer?.errors.filter(({ id }) => id !== error.id) ?? [];
  return (
    <form
      class="merging"
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget as HTMLFormElement;
        const other = errorNumber(String(new FormData(form).get("other") ?? ""));
        if (other === undefined) return;
        form.reset();
        void act(() => mergeErrors(error.id, [other]), `Error ${other} is part of this one now`);
      }}
    >
      <input name="other" list="other-errors" required pattern="#?[0-9]+.*" title="The number of an error" placeholder="#12, another error" aria-label="Merge another error into this one" onFocus={() => ask(true)} />
      <datalist id="other-errors">
        {others.map(({ id, title }) => (
          <option key={id} value={`#${id} ${title}`} />
        ))}
      </datalist>
      <button class="small">Merge</button>
    </form>
  );
}
