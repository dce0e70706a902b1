// Starts the page.

import { render } from "preact";
import { startLive } from "./api/live";
import { startKeys } from "./state/keys";
import { startLocation } from "./state/location";
import { startTheme } from "./state/theme";
import { Shell } from "./widgets/shell";

startTheme();
startLocation();
startKeys();
startLive();
render(<Shell />, document.getElementById("page")!);
