// The question as a form: the same text as in the line above it, clause by clause.

import type { ComponentChildren } from "preact";
import { clausesOf, itemsOf, signalOf, textOfClauses, type ClauseName } from "../../query/clauses";
import { granularities } from "../../query/shape";
import { QueryInput } from "../../widgets/query_input";

export interface QueryBuilderProps {
  text: string;
  onChange: (text: string) => void;
}

export function QueryBuilder({ text, onChange }: QueryBuilderProps) {
  const clauses = clausesOf(text);
  const signal = signalOf(clauses);
  const set = (name: ClauseName, piece: string): void => onChange(textOfClauses({ ...clauses, [name]: piece.replace(/[,\s]+$/, "") }));
  const calculations = itemsOf(clauses.select);
  const shared = { signal, isPart: true };
  return (
    <div class="query-builder" role="group" aria-label="The question as a form">
      <Field title="Visualize">
        <QueryInput {...shared} form="calculation" label="Visualize" placeholder="COUNT" value={clauses.select} onSubmit={(piece) => set("select", piece)} />
      </Field>
      <Field title="Where">
        <QueryInput {...shared} form="condition" label="Where" placeholder="every row" value={clauses.where} onSubmit={(piece) => set("where", piece)} />
      </Field>
      <Field title="Group by">
        <QueryInput {...shared} form="column" label="Group by" placeholder="all together" value={clauses.group} onSubmit={(piece) => set("group", piece)} />
      </Field>
      <Field title="Order by">
        <QueryInput {...shared} form="order" label="Order by" placeholder={`${calculations.find((one) => !/^HEATMAP\b/i.test(one)) ?? "COUNT"} DESC`} value={clauses.order} more={[...calculations, ...itemsOf(clauses.group)]} onSubmit={(piece) => set("order", piece)} />
      </Field>
      <Field title="Having">
        <QueryInput {...shared} form="having" label="Having" placeholder="every group" value={clauses.having} more={calculations} onSubmit={(piece) => set("having", piece)} />
      </Field>
      <Field title="Limit">
        <input class="mono" key={clauses.limit} defaultValue={clauses.limit} inputMode="numeric" placeholder="1000" aria-label="Limit" onChange={(event) => set("limit", event.currentTarget.value.replace(/\D/g, ""))} />
      </Field>
      <Field title="Every">
        <select aria-label="Every" value={clauses.every} onChange={(event) => set("every", event.currentTarget.value)}>
          <option value="">chosen</option>
          {[...new Set([...granularities, ...(clauses.every ? [clauses.every] : [])])].map((step) => (
            <option key={step}>{step}</option>
          ))}
        </select>
      </Field>
      <Field title="From">
        <select aria-label="From" value={signal} onChange={(event) => set("from", event.currentTarget.value === "traces" ? "" : event.currentTarget.value)}>
          <option value="traces">spans</option>
          <option value="logs">logs</option>
          <option value="metrics">metrics</option>
        </select>
      </Field>
    </div>
  );
}

function Field({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div class="builder-field">
      <span class="builder-title" aria-hidden="true">{title}</span>
      {children}
    </div>
  );
}
