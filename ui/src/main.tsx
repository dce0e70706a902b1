// Starts the page.

import { render } from "preact";
import { takeSignInLink } from "./api/key";
import { startLive } from "./api/live";
import { startKeys } from "./state/keys";
import { startLocation } from "./state/location";
import { startTheme } from "./state/theme";
import { startZone } from "./state/time_zone";
import { Shell } from "./widgets/shell";

takeSignInLink();
startTheme();
startZone();
startLocation();
startKeys();
startLive();
render(<Shell />, document.getElementById("page")!);
