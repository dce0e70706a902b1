// How serious a line is, in a column of one width; nothing where the sender did not say.

import { SeverityMark } from "../../widgets/severity_mark";

export function RowSeverity({ severity }: { severity: string | null }) {
  return <span class="row-severity">{severity !== null && severity !== "unspecified" && <SeverityMark severity={severity} />}</span>;
}
