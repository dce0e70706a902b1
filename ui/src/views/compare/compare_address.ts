// The address of a comparison: the former trace at the left, the one that was being looked at at the right.

import { hrefOf } from "../../state/location";

/** In the place of an id: the server chooses. */
export const typical = "typical";

export const compareWithTypical = (traceId: string): string => hrefOf("/compare", { a: typical, b: traceId });
