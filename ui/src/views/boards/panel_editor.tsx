// The words or the question of a panel, changed in its place.

import { useEffect, useRef } from "preact/hooks";
import type { BoardPanel } from "../../api/boards";

export interface PanelEditorProps {
  panel: BoardPanel;
  onSave: (panel: BoardPanel) => void;
  onLeave: () => void;
}

export function PanelEditor({ panel, onSave, onLeave }: PanelEditorProps) {
  const first = useRef<HTMLTextAreaElement>(null);
  useEffect(() => first.current?.focus(), []);
  const isText = panel.type === "text";
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget as HTMLFormElement);
    const content = String(typed.get("content")).trim();
    if (!content) return;
    if (isText) return onSave({ ...panel, text_panel: { content } });
    const { title: _, ...others } = panel.query_panel ?? {};
    const title = String(typed.get("title")).trim();
    onSave({ ...panel, query_panel: { ...others, query: content, ...(title ? { title } : {}) } });
  };
  return (
    <form class="panel-editor" aria-label={isText ? "Text of the panel" : "Question of the panel"} onSubmit={submit} onKeyDown={(event) => event.key === "Escape" && onLeave()}>
      {!isText && <input name="title" defaultValue={panel.query_panel?.title ?? ""} placeholder="A title, or nothing" aria-label="Title" maxLength={255} autocomplete="off" />}
      <textarea ref={first} name="content" class={isText ? undefined : "mono"} rows={isText ? 6 : 3} defaultValue={isText ? (panel.text_panel?.content ?? "") : (panel.query_panel?.query ?? "")} aria-label={isText ? "Text" : "Question"} spellcheck={isText} />
      <div class="actions">
        <button type="submit" class="primary small">
          Save
        </button>
        <button type="button" class="small" onClick={onLeave}>
          Cancel
        </button>
      </div>
    </form>
  );
}
