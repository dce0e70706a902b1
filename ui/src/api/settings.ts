// What an operator set, as the page shows it, and what of it the page can change.

import { apiUrl, post } from "./client";

export interface SettingsKey {
  id: string;
  name: string;
  environment: string;
  kind: "api" | "aws";
  key_type: "configuration" | "ingest" | "management";
  permissions: string[];
  created_ns: string;
  last_used_ns?: string;
  disabled_ns?: string;
}

export interface Settings {
  environments: { name: string; slug: string; asked: boolean; created_ns: string }[];
  keys: SettingsKey[];
  retention_ns?: number;
  most_bytes?: number;
  data: string;
}

export const settingsUrl = apiUrl("settings");

export interface NewKey {
  name: string;
  environment: string;
  kind: "configuration" | "ingest";
  permissions?: string[];
}

export interface CreatedKey {
  id: string;
  /** Nobody can show it again. */
  value: string;
  /** From now on every request needs a key. */
  is_first: boolean;
}

export const createKey = (key: NewKey): Promise<CreatedKey> => post<CreatedKey>(apiUrl("keys"), key);
export const changeKey = (id: string, disabled: boolean): Promise<unknown> => post(apiUrl(`keys/${encodeURIComponent(id)}`), { disabled });
export const createEnvironment = (name: string): Promise<unknown> => post(apiUrl("environments"), { name });
