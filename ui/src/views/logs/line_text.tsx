// What a line says, in one row: of JSON the message, and the rest paler behind it.

import { summaryOf } from "../../logs/line_summary";

export function LineText({ text }: { text: string }) {
  const { message, rest } = summaryOf(text);
  return (
    <span class="mono clip grow">
      {message}
      {rest && (
        <span class="soft">
          {message && "  "}
          {rest}
        </span>
      )}
    </span>
  );
}
