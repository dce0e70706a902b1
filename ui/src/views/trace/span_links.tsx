// Links of a span to others, in this trace or another; both ids are spelled out.

import type { SpanLink } from "../../api/answers";
import { hrefOf } from "../../state/location";
import { AttributeTable } from "../../widgets/attribute_table";
import { Icon } from "../../widgets/icon";

export function LinkList({ links }: { links: readonly SpanLink[] }) {
  return (
    <ol class="links">
      {links.map((link, index) => (
        <li key={index}>
          {link.trace_id ? (
            <a href={hrefOf(`/t/${link.trace_id}`, { span: link.span_id ?? undefined })}>
              <Icon name="link" size={14} />
              <span class="mono">
                <span>trace {link.trace_id}</span>
                {link.span_id && <span>span {link.span_id}</span>}
              </span>
            </a>
          ) : (
            <span class="faint">The sender named no trace</span>
          )}
          <AttributeTable attributes={link.attributes} search="" path="/traces" />
        </li>
      ))}
    </ol>
  );
}
