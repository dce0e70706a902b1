// What an operator set, as the page shows it, and what of it the page can change.

import { apiUrl, post, send } from "./client";

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
  /** Whose personal key it is. */
  person?: string;
}

export type Role = "reads" | "writes" | "owns";

export interface SettingsPerson {
  id: string;
  name: string;
  email: string;
  role: Role;
  environment: string;
  created_ns: string;
  last_seen_ns?: string;
  has_key: boolean;
  is_you: boolean;
}

export interface Settings {
  environments: { name: string; slug: string; asked: boolean; created_ns: string }[];
  keys: SettingsKey[];
  people: SettingsPerson[];
  /** Whether this page's key may change keys, people and retention. */
  may_change: boolean;
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
export interface InvitedPerson {
  id: string;
  name: string;
  /** Nobody can show it again. */
  key: string;
  is_first: boolean;
}

const personUrl = (id: string): string => apiUrl(`people/${encodeURIComponent(id)}`);
export const invitePerson = (person: { name: string; email: string; role: Role; environment: string }): Promise<InvitedPerson> => post<InvitedPerson>(apiUrl("people"), person);
export const changeRole = (id: string, role: Role): Promise<unknown> => post(personUrl(id), { role });
export const renewPersonalKey = (id: string): Promise<{ name: string; key: string }> => post(personUrl(id), { new_key: true });
export const removePerson = (id: string): Promise<unknown> => send("DELETE", personUrl(id));

export const changeKey = (id: string, disabled: boolean): Promise<unknown> => post(apiUrl(`keys/${encodeURIComponent(id)}`), { disabled });
export const createEnvironment = (name: string): Promise<unknown> => post(apiUrl("environments"), { name });
