// The error that a group of occurrences belongs to by now: groups are merged and parted, so that a row keeps its group and
// the error is looked up when somebody goes there.

import { useEffect } from "preact/hooks";
import { apiUrl } from "../../api/client";
import type { ErrorList } from "../../api/errors";
import { useAnswer } from "../../state/answer";
import { hrefOf, place, redirect } from "../../state/location";
import { Empty, Problem } from "../../widgets/notice";

/** In whatever state it is. */
const everyState = "state:active state:resolved state:muted state:archived";

export function ErrorOfGroup({ group }: { group: string }) {
  const { answer, failure } = useAnswer<ErrorList>(apiUrl("errors", { q: `fingerprint:${group} ${everyState}`, limit: 1 }));
  const found = answer?.errors[0];
  useEffect(() => {
    if (found) redirect(hrefOf(`/errors/${found.id}`, place.peek().params));
  }, [found]);
  if (failure) return <Problem failure={failure} />;
  if (!answer || found) return <p class="for-screen-readers">Looking for the error</p>;
  return (
    <Empty title="This error is not counted among the errors">
      <p>It may have come while errors of its environment were over their limit, or its error was taken away.</p>
      <div class="actions">
        <a href="/errors?state=any">All errors</a>
      </div>
    </Empty>
  );
}
