// What a key may do, in a few words. Names are those of the API.

/** What may be left out of a configuration key, with what it is for. */
export const rights: readonly { name: string; does: string }[] = [
  { name: "send_events", does: "send" },
  { name: "create_datasets", does: "make datasets by sending to them" },
  { name: "run_queries", does: "ask, and look at this page" },
  { name: "manage_boards", does: "change boards" },
  { name: "manage_slos", does: "change SLOs" },
  { name: "manage_triggers", does: "change triggers" },
  { name: "manage_recipients", does: "change recipients" },
  { name: "manage_markers", does: "set markers" },
  { name: "manage_columns", does: "describe columns" },
  { name: "manage_privateBoards", does: "change private boards" },
  { name: "read_service_maps", does: "read maps of services" },
  { name: "visible_team_members", does: "see who is in the team" },
];

export function rightsText(type: "configuration" | "ingest" | "management", permissions: readonly string[]): string {
  if (type === "management") return "manages keys and environments";
  if (type === "ingest") return "sends";
  if (rights.every(({ name }) => permissions.includes(name))) return "everything";
  const known = rights.filter(({ name }) => permissions.includes(name));
  if (known.length === 0) return "nothing";
  return known.length <= 3 ? known.map(({ does }) => does).join(", ") : `${known.slice(0, 2).map(({ does }) => does).join(", ")} and ${known.length - 2} more`;
}
