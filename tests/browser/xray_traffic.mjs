// A bookshop's traffic from clients of AWS X-Ray: boto3 and the X-Ray SDK for Python, as Debian has them.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { plainTraceId, traceOf } from "../xray/xray.js";

const run = promisify(execFile);
const bookshop = fileURLToPath(new URL("bookshop.py", import.meta.url));
const environment = { PATH: "/usr/bin:/bin", HOME: "/nonexistent", LANG: "C.UTF-8", AWS_ACCESS_KEY_ID: "AKIAEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret", AWS_DEFAULT_REGION: "eu-central-1", AWS_EC2_METADATA_DISABLED: "true" };

/** Answers the id of the trace that the SDK made, once it is stored. */
export async function sendBookshop(clew) {
  const { stdout } = await run("/usr/bin/python3", [bookshop, clew.http, `127.0.0.1:${clew.xrayPort}`], { env: environment, cwd: "/" });
  const id = stdout.trim();
  await traceOf(clew, id, 3);
  return plainTraceId(id);
}
