// A form for one rule, group or alert: fields, what was wrong, and buttons to keep, remove or leave it.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { failureOf, type ApiFailure } from "../api/client";
import { Problem } from "./notice";
import { toast } from "./toast";

export interface RecordFormProps {
  title: string;
  /** Answers what is wrong before anything is asked, or sends. */
  save: (typed: (name: string) => string, all: (name: string) => readonly string[]) => Promise<void>;
  /** Nothing for what cannot be removed. */
  remove?: (() => Promise<void>) | undefined;
  leave: () => void;
  /** On the button that saves. */
  verb?: string;
  children: ComponentChildren;
}

export function RecordForm({ title, save, remove, leave, verb = "Save", children }: RecordFormProps) {
  const [failure, setFailure] = useState<ApiFailure | undefined>();
  const [isSure, setSure] = useState(false);
  const attempt = (act: () => Promise<void>, done: string): void => {
    act().then(
      () => {
        toast(done);
        leave();
      },
      (problem: unknown) => setFailure(failureOf(problem)),
    );
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    attempt(
      () =>
        save(
          (name) => String(form.get(name) ?? ""),
          (name) => form.getAll(name).map(String),
        ),
      verb === "Save" ? "Saved" : "Done",
    );
  };
  return (
    <form class="record-form" aria-label={title} onSubmit={submit}>
      <h2>{title}</h2>
      {failure && <Problem failure={failure} />}
      <div class="record-fields">{children}</div>
      <div class="record-actions">
        <button type="submit" class="primary">
          {verb}
        </button>
        <button type="button" onClick={leave}>
          Cancel
        </button>
        <span class="grow" />
        {remove && (
          <button type="button" onClick={() => (isSure ? attempt(remove, "Deleted") : setSure(true))}>
            {isSure ? "Yes, delete it" : "Delete"}
          </button>
        )}
      </div>
    </form>
  );
}

export function RecordField({ name, label, hint, value, type = "text" }: { name: string; label: string; hint: string; value: string; type?: "text" | "email" }) {
  return (
    <label>
      <span>{label}</span>
      {type === "email" ? <input name={name} type="email" defaultValue={value} autocomplete="off" spellcheck={false} /> : <input name={name} defaultValue={value} autocomplete="off" spellcheck={false} />}
      <span class="faint">{hint}</span>
    </label>
  );
}
