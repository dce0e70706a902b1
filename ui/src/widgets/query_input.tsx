// A line to type a question or a condition in, completed from the data.

import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Columns, Signal, Values } from "../api/answers";
import { apiUrl, get } from "../api/client";
import { calculations, complete, continuations, expectationAt, operators, ranked, type Expectation, type Form } from "../query/completion";
import { nameText, valueText } from "../query/short_form_text";
import { Icon } from "./icon";

export interface QueryInputProps {
  form: Form;
  signal: Signal;
  value: string;
  placeholder: string;
  label: string;
  onSubmit: (text: string) => void;
  /** Whenever the text changes, taken or not. */
  onType?: (text: string) => void;
  /** Where the server found fault, in bytes; drawn as a mark below. */
  isFaulty?: boolean;
  /** Offered before names of columns, where a column is expected. */
  more?: readonly string[];
  /** A part of a form: without an icon, not what `/` focuses, and taken when it is left. */
  isPart?: boolean;
}

const mostOffered = 12;

export function QueryInput(props: QueryInputProps) {
  const { form, signal, value, onSubmit } = props;
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  const [text, setText] = useState(value);
  const [offered, setOffered] = useState<{ choices: string[]; expected: Expectation } | undefined>();
  const [current, setCurrent] = useState(-1);
  // What was asked for before a question was taken is not offered after it.
  const offers = useRef(0);
  // Whoever only passes through with Tab must get out again.
  const isTyping = useRef(false);
  // Before it is painted: what somebody types at once must not be overwritten.
  useLayoutEffect(() => setText(value), [value]);
  useLayoutEffect(() => props.onType?.(text.trim()), [text]);

  const offer = async (typed: string): Promise<void> => {
    const cursor = input.current?.selectionStart ?? typed.length;
    const expected = expectationAt(typed, cursor, form);
    const mine = ++offers.current;
    const known = await candidatesFor(expected, typed, form, signal);
    const candidates = expected.kind === "column" || expected.kind === "calculation" ? [...(props.more ?? []), ...known] : known;
    // Typing went on meanwhile, or somewhere else.
    if (mine !== offers.current || input.current?.value !== typed || document.activeElement !== input.current) return;
    const choices = ranked(candidates, expected.typed, mostOffered).filter((choice) => choice !== expected.typed && choice !== JSON.stringify(expected.typed));
    setOffered(choices.length > 0 ? { choices, expected } : undefined);
    setCurrent(-1);
  };
  const take = (choice: string): void => {
    const completed = complete(text, offered!.expected, choice);
    setText(completed.text);
    setOffered(undefined);
    isTyping.current = false;
    // At once, not with the next frame: the cursor must not jump under somebody who types on.
    const element = input.current!;
    element.value = completed.text;
    element.focus();
    element.setSelectionRange(completed.cursor, completed.cursor);
    void offer(completed.text);
  };
  const submit = (): void => {
    offers.current++;
    setOffered(undefined);
    onSubmit(text.trim());
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const count = offered?.choices.length ?? 0;
    if (event.key === "ArrowDown" && count > 0) setCurrent((current + 1) % count);
    else if (event.key === "ArrowUp" && count > 0) setCurrent((current - 1 + count) % count);
    else if (event.key === "Tab" && count > 0 && !event.shiftKey && (isTyping.current || current >= 0)) take(offered!.choices[Math.max(0, current)]!);
    else if (event.key === "Enter") current >= 0 && count > 0 ? take(offered!.choices[current]!) : submit();
    else if (event.key === "Escape" && offered) {
      setOffered(undefined);
      event.stopPropagation();
    } else return;
    event.preventDefault();
  };
  return (
    <div class={`query-input${props.isFaulty ? " faulty" : ""}${props.isPart ? " is-part" : ""}`}>
      {!props.isPart && <Icon name={form === "question" ? "query" : "filter"} size={14} />}
      <input
        ref={input}
        data-search={props.isPart ? undefined : true}
        role="combobox"
        aria-expanded={offered !== undefined}
        aria-controls={listId}
        aria-label={props.label}
        aria-invalid={props.isFaulty}
        placeholder={props.placeholder}
        value={text}
        spellcheck={false}
        autocomplete="off"
        onInput={(event) => {
          isTyping.current = true;
          setText(event.currentTarget.value);
          void offer(event.currentTarget.value);
        }}
        onFocus={() => {
          isTyping.current = false;
          void offer(text);
        }}
        onBlur={() => {
          setOffered(undefined);
          if (props.isPart && text.trim() !== value.trim()) submit();
        }}
        onKeyDown={onKeyDown}
      />
      {text !== "" && form === "condition" && !props.isPart && (
        <button class="small plain" aria-label="Clear" title="Clear" onClick={() => { setText(""); onSubmit(""); }}>
          <Icon name="close" size={12} />
        </button>
      )}
      {offered && (
        <ul class="completions" id={listId} role="listbox">
          {offered.choices.map((choice, index) => (
            <li key={choice} role="option" aria-selected={index === current} onPointerDown={(event) => { event.preventDefault(); take(choice); }}>
              {choice}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

async function candidatesFor(expected: Expectation, text: string, form: Form, signal: Signal): Promise<string[]> {
  try {
    switch (expected.kind) {
      case "calculation":
        return [...calculations];
      case "operator":
        return [...operators];
      case "continuation":
        return continuations(text, form);
      case "column":
        return (await get<Columns>(apiUrl("columns", { signal, limit: 2000 }))).columns.map((column) => nameText(column.name));
      case "value":
        return (await get<Values>(apiUrl("values", { column: expected.column, signal, limit: 50 }))).values.map((value) => valueText(value.value, value.type));
    }
  } catch {
    return []; // completion is a courtesy; typing goes on without it
  }
}
