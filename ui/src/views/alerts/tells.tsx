// Whom an alert tells: the recipients there are, to be ticked.

import type { Recipient } from "../../api/alerts";
import { recipientText } from "../../alerts/trigger_form";

export function Tells({ recipients, chosen }: { recipients: readonly Recipient[]; chosen: readonly string[] }) {
  return (
    <fieldset class="record-choices">
      <legend>Tells</legend>
      {recipients.map((recipient) => (
        <label key={recipient.id}>
          <input type="checkbox" name="recipient" value={recipient.id} defaultChecked={chosen.includes(recipient.id)} /> {recipientText(recipient)}
        </label>
      ))}
      {recipients.length === 0 && (
        <span class="faint">
          nobody yet: <a href="/alerts/recipients?new=email">add a recipient</a>
        </span>
      )}
    </fieldset>
  );
}
