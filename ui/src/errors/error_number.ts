/** Which error a text names: "12", "#12", or "#12 TypeError: …" as it is suggested. */
export function errorNumber(text: string): number | undefined {
  const digits = /^#?(\d{1,15})(?:\s|$)/.exec(text.trim())?.[1];
  return digits === undefined ? undefined : Number(digits);
}
