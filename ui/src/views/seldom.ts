// Views that few people open at first: they are fetched when they are gone to, and are no part of the first load.

export { AlertHistoryView } from "./alerts/alert_history_view";
export { DeliveriesView } from "./alerts/deliveries_view";
export { RecipientsView } from "./alerts/recipients_view";
export { SlosView } from "./alerts/slos_view";
export { TriggersView } from "./alerts/triggers_view";
export { GalleryView } from "./gallery/gallery_view";
export { SettingsView } from "./settings/settings_view";
export { GroupsView } from "./xray/groups";
export { SamplingRulesView } from "./xray/sampling_rules";
export { XrayTracesView } from "./xray/xray_traces";
