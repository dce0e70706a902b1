// Tells its error by rollbar.js: node server.js ENDPOINT TOKEN VERSION
import Rollbar from "rollbar";
import { checkout } from "./checkout";

const [endpoint, accessToken, code_version] = process.argv.slice(2);
const rollbar = new Rollbar({ accessToken, endpoint, environment: "production", captureUncaught: false, payload: { code_version } });

function handle(): void {
  checkout(["needle"]);
}

try {
  handle();
} catch (error) {
  rollbar.error(error as Error);
}
rollbar.wait(() => undefined);
