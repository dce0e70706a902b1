// Attributes, one a line: name, value, and what can be done with it.

import { Fragment } from "preact";
import { useState } from "preact/hooks";
import type { Attribute } from "../api/answers";
import { attributeMatches, textForReading, textOfValue } from "../api/values";
import { both, isEqual, isNotEqual, nameText } from "../query/short_form_text";
import { hrefOf, place } from "../state/location";
import { Icon } from "./icon";
import { copyText } from "./toast";

/** Longer values are folded until asked for: a prompt or a statement can have megabytes. */
const folds = 400;

export function AttributeTable({ attributes, search, path }: { attributes: readonly Attribute[]; search: string; path: string }) {
  const shown = search ? attributes.filter((attribute) => attributeMatches(attribute, search)) : attributes;
  return (
    <dl class="attributes">
      {shown.map((attribute) => (
        <AttributeLine key={attribute.key} attribute={attribute} path={path} />
      ))}
    </dl>
  );
}

function AttributeLine({ attribute, path }: { attribute: Attribute; path: string }) {
  const [isWhole, setWhole] = useState(false);
  const { key, type, value } = attribute;
  const isLong = typeof value === "string" && value.length > folds;
  const text = isLong && !isWhole ? `${value.slice(0, folds)}…` : textForReading(value, type);
  const isBlock = text.includes("\n");
  return (
    <div class="attribute">
      <dt title={`${key} (${type})`}>
        {key.split(/(?<=[._])/).map((part, index) => (
          <Fragment key={index}>
            {index > 0 && <wbr />}
            {part}
          </Fragment>
        ))}
      </dt>
      <dd class={`mono value-${type}`}>
        {isBlock ? <pre>{text}</pre> : text === "" ? <span class="faint">(empty)</span> : text}
        {isLong && (
          <button class="small plain" onClick={() => setWhole(!isWhole)}>
            {isWhole ? "less" : `all ${value.length.toLocaleString("en")} characters`}
          </button>
        )}
      </dd>
      <dd class="attribute-actions">
        <button class="small plain" title="Copy the value" aria-label={`Copy ${key}`} onClick={() => void copyText(textOfValue(value, type), key)}>
          <Icon name="copy" size={13} />
        </button>
        <a title="Only those with this value" aria-label={`Filter by ${key}`} href={filteredBy(path, isEqual(key, value, type))}>
          <Icon name="filter" size={13} />
        </a>
        <a title="All but those with this value" aria-label={`Exclude this ${key}`} href={filteredBy(path, isNotEqual(key, value, type))}>
          <Icon name="exclude" size={13} />
        </a>
        <a title="Count by this attribute" aria-label={`Group by ${key}`} href={groupedBy(path, key)}>
          <Icon name="group" size={13} />
        </a>
      </dd>
    </div>
  );
}

/** The question how often each of its values occurs. */
const groupedBy = (path: string, key: string): string => hrefOf("/q", { q: `COUNT GROUP BY ${nameText(key)} ORDER BY COUNT DESC${path === "/logs" ? " FROM logs" : ""}` });

/** The list with one condition more: beside what it is filtered by already, when it is the list on display. */
function filteredBy(path: string, condition: string): string {
  const { path: here, params } = place.value;
  return here === path ? hrefOf(path, { ...params, q: both(params.q, condition), at: undefined }) : hrefOf(path, { q: condition });
}
