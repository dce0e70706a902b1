// A text of a board in blocks: paragraphs parted by blank lines, headings after "# ", lists of lines that begin with "- ".
// Within a line, addresses become links and `code` is told apart. Nothing else is read into it.

export type TextBlock = { kind: "heading"; text: string } | { kind: "paragraph"; text: string } | { kind: "list"; items: string[] };

export function textBlocks(text: string): TextBlock[] {
  const blocks: TextBlock[] = [];
  let isParted = true;
  for (const line of text.split("\n")) {
    const last = isParted ? undefined : blocks.at(-1);
    isParted = line.trim() === "";
    if (isParted) continue;
    const heading = /^#{1,6}\s+(.*)$/.exec(line);
    const item = /^\s*[-*]\s+(.*)$/.exec(line);
    if (heading) {
      blocks.push({ kind: "heading", text: heading[1]! });
      isParted = true;
    } else if (item) {
      if (last?.kind === "list") last.items.push(item[1]!);
      else blocks.push({ kind: "list", items: [item[1]!] });
    } else if (last?.kind === "list") last.items.push(`${last.items.pop()} ${line.trim()}`);
    else if (last?.kind === "paragraph") last.text += `\n${line}`;
    else blocks.push({ kind: "paragraph", text: line });
  }
  return blocks;
}

export interface TextPiece {
  kind: "words" | "link" | "code";
  text: string;
}

export function textPieces(line: string): TextPiece[] {
  return line
    .split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)]|`[^`]+`)/)
    .map((text, index): TextPiece => (index % 2 === 0 ? { kind: "words", text } : text.startsWith("`") ? { kind: "code", text: text.slice(1, -1) } : { kind: "link", text }))
    .filter(({ text }) => text !== "");
}
