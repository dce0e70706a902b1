// How serious a log record is: a word first, a colour second.

export function SeverityMark({ severity }: { severity: string | null }) {
  const known = severity ?? "–";
  return <span class={`severity severity-${known}`}>{known}</span>;
}
