// Shows one of the views that are no part of the first load, once they are there.

import { useEffect, useState } from "preact/hooks";
import { ApiFailure, noAnswer } from "../api/client";
import { connection } from "../api/connection";
import { useComeback } from "../state/use_comeback";
import { Empty, Problem } from "../widgets/notice";

type Seldom = typeof import("./seldom");

let fetched: Seldom | undefined;

export function Deferred({ view }: { view: keyof Seldom }) {
  const [there, setThere] = useState(fetched);
  const [failure, setFailure] = useState<ApiFailure | undefined>();
  const comeback = useComeback(failure);
  useEffect(() => {
    if (there) return;
    import("./seldom").then(
      (views) => {
        fetched = views;
        setThere(views);
      },
      // Nobody there, or another version that has other files.
      () => setFailure(connection.peek() === "open" ? new ApiFailure("", "not_found") : noAnswer()),
    );
  }, [comeback]);
  if (there) {
    const View = there[view];
    return <View />;
  }
  if (failure?.kind === "not_found") return <AnotherVersion />;
  return failure ? <Problem failure={failure} /> : null;
}

function AnotherVersion() {
  return (
    <Empty title="This view could not be fetched">
      <p>clew may have been replaced by another version since this page was opened.</p>
      <div class="actions">
        <button class="primary" onClick={() => location.reload()}>
          Load the page again
        </button>
      </div>
    </Empty>
  );
}
