// Filter expressions of X-Ray as the page puts them together, and where they are wrong.

const quoted = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

export interface WrittenFilter {
  /** Nothing: all traces. */
  expression: string | undefined;
  /** Characters before what was typed. */
  offset: number;
}

/** The traces of a group that match what was typed. */
export function filterOf(typed: string | undefined, group: string | undefined): WrittenFilter {
  const own = typed?.trim() ?? "";
  if (!group) return { expression: own || undefined, offset: 0 };
  const ofGroup = `group.name = ${quoted(group)}`;
  if (!own) return { expression: ofGroup, offset: ofGroup.length };
  const before = `${ofGroup} AND (`;
  return { expression: `${before}${own})`, offset: before.length };
}

/** The message with a mark under the character of what was typed that it speaks of. */
export function pointedMessage(message: string, typed: string | undefined, { offset }: WrittenFilter): string {
  const own = typed?.trim() ?? "";
  const named = /\bcolumn (\d+)\b/.exec(message);
  const column = named ? Number(named[1]) - offset : 0;
  if (column < 1 || column > own.length + 1) return message;
  return `${message.replace(named![0], `column ${column}`)}\n${own}\n${" ".repeat(column - 1)}^`;
}
