// What a view says instead of a list: why it is empty, with the click that changes it, or why it could not be had.

import type { ComponentChildren } from "preact";
import type { ApiFailure } from "../api/client";
import { rememberKey } from "../api/key";
import { Icon } from "./icon";

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function Problem({ failure }: { failure: ApiFailure }) {
  const [sentence, ...more] = failure.message.split("\n");
  const wantsKey = failure.kind === "unauthenticated" || failure.kind === "forbidden";
  return (
    <div class="problem" role="alert">
      <Icon name="error" />
      <div class="grow">
        {sentence}
        {failure.kind === "network" && ". It is asked again as soon as it does."}
        {more.length > 0 && <pre>{more.join("\n")}</pre>}
      </div>
      {wantsKey && <KeyForm />}
    </div>
  );
}

function KeyForm() {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget as HTMLFormElement);
    rememberKey(String(typed.get("key") ?? "").trim(), typed.get("stays") !== null);
    location.reload();
  };
  return (
    <form onSubmit={submit}>
      <input name="key" type="password" placeholder="API key" aria-label="API key" autocomplete="current-password" />{" "}
      <label>
        <input type="checkbox" name="stays" /> stay signed in
      </label>{" "}
      <button type="submit">Use key</button>
    </form>
  );
}
