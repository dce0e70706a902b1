// The questions asked in this browser, the latest first.

const storageName = "clew.questions";
const mostRemembered = 30;

export function rememberedQuestions(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageName) ?? "[]");
    return Array.isArray(kept) ? kept.filter((question): question is string => typeof question === "string") : [];
  } catch {
    return [];
  }
}

export function rememberQuestion(question: string): void {
  const others = rememberedQuestions().filter((known) => known !== question);
  localStorage.setItem(storageName, JSON.stringify([question, ...others].slice(0, mostRemembered)));
}

export const forgetQuestions = (): void => localStorage.removeItem(storageName);
