// What a log record says, in one text.

import type { LogRecord } from "../../api/answers";
import { textOfValue } from "../../api/values";

export const bodyOf = (record: LogRecord): string => (record.body ? textOfValue(record.body.value, record.body.type) : (record.event_name ?? ""));
