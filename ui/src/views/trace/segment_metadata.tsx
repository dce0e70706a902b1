// Metadata of an X-Ray segment: any JSON, by namespace and key, folded when it is long.

import { CopyButton } from "../../widgets/copy_button";
import type { MetadataEntry } from "../../xray/segment_parts";

/** Lines that are shown unasked. */
const shortEnough = 12;

export const metadataMatches = ({ namespace, key, text }: MetadataEntry, search: string): boolean =>
  search.toLowerCase().split(/\s+/).every((word) => `${namespace} ${key} ${text}`.toLowerCase().includes(word));

export function SegmentMetadata({ entries, isSearched }: { entries: readonly MetadataEntry[]; isSearched: boolean }) {
  return (
    <ul class="metadata">
      {entries.map(({ namespace, key, text }) => (
        <li key={`${namespace}\n${key}`}>
          <details open={isSearched || text.split("\n").length <= shortEnough}>
            <summary>
              <span class="faint">{namespace}</span> {key}
            </summary>
            <pre>{text}</pre>
            <CopyButton text={text} what={key || namespace} />
          </details>
        </li>
      ))}
    </ul>
  );
}
