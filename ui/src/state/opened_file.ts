// The file that was dropped on the page or chosen: it stays in this tab and is sent nowhere.

import { signal } from "@preact/signals";
import { go } from "./location";

export interface TextFile {
  name: string;
  text: string;
}

export const openedFile = signal<TextFile | undefined>(undefined);

export async function openFile(file: File): Promise<void> {
  openedFile.value = { name: file.name, text: await file.text() };
  go("/file");
}
