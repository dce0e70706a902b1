// When, as far as anybody cares; exactly on pointing at it.

import { describeMoment, formatAgo, moment, now } from "../../base/time";

export function Ago({ at }: { at: string }) {
  return <span title={describeMoment(moment(at))}>{formatAgo(moment(at), now())}</span>;
}
