// What an operator set, as the page shows it.

import { apiUrl } from "./client";

export interface Settings {
  environments: { name: string; slug: string; asked: boolean; created_ns: string }[];
  keys: { id: string; name: string; environment: string; kind: "api" | "aws"; created_ns: string; last_used_ns?: string; disabled_ns?: string }[];
  retention_ns?: number;
  most_bytes?: number;
  data: string;
}

export const settingsUrl = apiUrl("settings");
