// Numbers in the fields of a form; nothing is no number.

export function numberIn(text: string): number | undefined {
  const number = Number(text);
  return text.trim() === "" || !Number.isFinite(number) ? undefined : number;
}

export function wholeIn(text: string): number | undefined {
  const number = numberIn(text);
  return number !== undefined && Number.isInteger(number) ? number : undefined;
}
