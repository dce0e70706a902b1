// One board: its panels side by side over the same range of time. Panels are dragged to another place, or moved with the
// keys of their handles; every change is saved at once, and the last one can be taken back.

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { boardUrl, removeBoard, saveBoard, type Board, type BoardPanel } from "../../api/boards";
import { inOrder, laidOut, moved, namesOf, resized, widthOf, type PanelWidth } from "../../board/arrange";
import { shapeOfStyle, shapes, type Shape } from "../../query/shape";
import { useAnswer } from "../../state/answer";
import { change, go, hrefOf, place } from "../../state/location";
import { rangeOf } from "../../state/time_range";
import { useLive } from "../../state/use_live";
import { BoardPanelContent } from "../../widgets/board_panel";
import { Icon } from "../../widgets/icon";
import { openMenu } from "../../widgets/menu";
import { Problem } from "../../widgets/notice";
import { toast } from "../../widgets/toast";
import { PanelEditor } from "./panel_editor";

const widths: readonly { width: PanelWidth; title: string }[] = [
  { width: "third", title: "A third wide" },
  { width: "half", title: "Half as wide as the board" },
  { width: "full", title: "As wide as the board" },
];

export function BoardView({ id }: { id: string }) {
  const asked = useAnswer<Board>(boardUrl(id));
  const [changed, setChanged] = useState<Board | undefined>();
  const undo = useRef<Board | undefined>(undefined);
  const board = changed ?? asked.answer;
  if (asked.failure && !board) return <Problem failure={asked.failure} />;
  if (!board) return <div class="view-page" />;
  document.title = `${board.name} – clew`;
  const save = (next: Board): void => {
    undo.current = board;
    setChanged(next);
    saveBoard(id, next).catch((problem: unknown) => {
      setChanged(board);
      toast(problem instanceof Error ? problem.message : String(problem));
    });
  };
  const takeBack = (): void => {
    if (undo.current) save(undo.current);
    undo.current = undefined;
  };
  return <Opened key={id} board={board} onSave={save} onUndo={undo.current ? takeBack : undefined} />;
}

function Opened({ board, onSave, onUndo }: { board: Board; onSave: (board: Board) => void; onUndo: (() => void) | undefined }) {
  const { params } = place.value;
  const range = rangeOf(params);
  const tick = useLive("traces", range.to === "now" && params.live === "1");
  const [dragged, setDragged] = useState<number | undefined>();
  const [target, setTarget] = useState<number | undefined>();
  const [edited, setEdited] = useState<number | undefined>();
  const [spoken, setSpoken] = useState("");
  const panels = inOrder(board.panels);
  const arrange = (next: BoardPanel[]): void => onSave({ ...board, panels: next });
  const add = (panel: BoardPanel): void => arrange(laidOut([...panels, panel]));
  const names = namesOf(panels);
  const handles = useRef(new Map<string, HTMLButtonElement>());
  const held = useRef<string | undefined>(undefined);
  const move = (from: number, to: number): void => {
    if (to < 0 || to >= panels.length || from === to) return;
    arrange(moved(panels, from, to));
    setSpoken(`${titleOf(panels[from]!)} is now panel ${to + 1} of ${panels.length}`);
  };
  // What was put elsewhere in the page has lost the focus on its way.
  useLayoutEffect(() => {
    if (held.current) handles.current.get(held.current)?.focus();
    held.current = undefined;
  });
  const menu = (index: number, event: MouseEvent): void => {
    const panel = panels[index]!;
    const query = panel.query_panel?.query;
    openMenu(event, "Panel", [
      ...(query ? [{ title: "Open the question", href: hrefOf("/q", { q: query, shape: shapeParam(panel), from: params.from, to: params.to }) }] : []),
      ...(query || panel.type === "text" ? [{ title: query ? "Edit the question" : "Edit the text", act: () => setEdited(index) }] : []),
      ...(query ? shapes.map(({ name, title, does }) => ({ title, note: does, isChosen: shapeOfStyle(panel.query_panel?.query_style) === name, act: () => draw(index, name) })) : []),
      ...widths.map(({ width, title }) => ({ title, isChosen: width === widthOf(panel), act: () => arrange(resized(panels, index, width)) })),
      { title: "Take it away", act: () => arrange(laidOut(panels.filter((_, at) => at !== index))) },
    ]);
  };
  const draw = (index: number, shape: Shape): void =>
    arrange(laidOut(panels.map((other, at) => (at === index ? { ...other, query_panel: { ...other.query_panel, query_style: shape } } : other))));
  const remove = (): void => {
    void removeBoard(board.id).then(() => go("/boards"), (problem: unknown) => toast(String(problem)));
  };
  return (
    <div class="view-page scrolls">
      <div class="view-head">
        <a href="/boards">Boards</a>
        <span class="faint">/</span>
        <h1>
          <input class="title-input" key={board.name} defaultValue={board.name} aria-label="Name of the board" maxLength={255} onChange={(event) => event.currentTarget.value.trim() && onSave({ ...board, name: event.currentTarget.value.trim() })} />
        </h1>
        <span class="grow" />
        {onUndo && <button class="small" onClick={onUndo}>Undo</button>}
        <button class="small" aria-pressed={params.live === "1"} title="Ask again when data arrives" onClick={() => change({ live: params.live === "1" ? undefined : "1" })}>
          Follow
        </button>
        <button class="small" onClick={(event) => openMenu(event, "Board", [{ title: `Delete “${board.name}”`, note: "for everybody", act: remove }])} aria-haspopup="menu">
          More
        </button>
      </div>
      <div class="board-grid" onDragOver={(event) => dragged !== undefined && event.preventDefault()}>
        {panels.map((panel, index) => (
          <section
            key={names[index]}
            class={`board-panel is-${widthOf(panel)}${dragged === index ? " is-dragged" : target === index ? " is-target" : ""}`}
            aria-label={titleOf(panel)}
            onDragEnter={(event) => {
              if (dragged === undefined) return;
              event.preventDefault();
              setTarget(index);
            }}
            onDrop={(event) => {
              event.preventDefault();
              if (dragged !== undefined) move(dragged, index);
              setDragged(undefined);
              setTarget(undefined);
            }}
          >
            <header draggable onDragStart={() => setDragged(index)} onDragEnd={() => {
              setDragged(undefined);
              setTarget(undefined);
            }}>
              <button
                class="plain small handle"
                ref={(element) => void (element ? handles.current.set(names[index]!, element) : handles.current.delete(names[index]!))}
                aria-label={`Move ${titleOf(panel)}, panel ${index + 1} of ${panels.length}: with arrow keys`}
                title="Drag, or press an arrow key"
                onKeyDown={(event) => {
                  const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
                  if (!step) return;
                  event.preventDefault();
                  held.current = names[index];
                  move(index, index + step);
                }}
              >
                <Icon name="grip" size={12} />
              </button>
              {panel.type === "query" && <code class="clip grow">{titleOf(panel)}</code>}
              {panel.type !== "query" && <span class="grow" />}
              <button class="plain small" aria-haspopup="menu" aria-label={`What to do with ${titleOf(panel)}`} onClick={(event) => menu(index, event)}>
                <Icon name="more" size={14} />
              </button>
            </header>
            {edited === index ? (
              <PanelEditor
                panel={panel}
                onLeave={() => setEdited(undefined)}
                onSave={(next) => {
                  setEdited(undefined);
                  arrange(laidOut(panels.map((other, at) => (at === index ? next : other))));
                }}
              />
            ) : (
              <BoardPanelContent panel={panel} range={range} tick={tick} />
            )}
          </section>
        ))}
      </div>
      <p class="for-screen-readers" role="status">
        {spoken}
      </p>
      <AddPanel onAdd={add} isFirst={panels.length === 0} />
    </div>
  );
}

function shapeParam(panel: BoardPanel): string | undefined {
  const shape = shapeOfStyle(panel.query_panel?.query_style);
  return shape === "lines" ? undefined : shape;
}

const titleOf = (panel: BoardPanel): string => panel.query_panel?.title ?? panel.query_panel?.query ?? (panel.type === "text" ? (panel.text_panel?.content.split("\n")[0] ?? "text").slice(0, 60) : "panel");

function AddPanel({ onAdd, isFirst }: { onAdd: (panel: BoardPanel) => void; isFirst: boolean }) {
  const [kind, setKind] = useState<"query" | "text">("query");
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const content = String(new FormData(form).get("content")).trim();
    if (!content) return;
    onAdd(kind === "query" ? { type: "query", query_panel: { query: content } } : { type: "text", text_panel: { content } });
    form.reset();
  };
  return (
    <>
    {isFirst && <p class="soft list-note">Nothing stands here yet. Type a question or words below, or press “Save to a board” beside an answer.</p>}
    <form class="add-panel" onSubmit={submit}>
      <select aria-label="Kind of panel" value={kind} onChange={(event) => setKind(event.currentTarget.value as "query" | "text")}>
        <option value="query">Question</option>
        <option value="text">Text</option>
      </select>
      {kind === "query" ? <input name="content" class="mono" placeholder="P95(duration_ms) GROUP BY service.name" aria-label="Question" /> : <textarea name="content" rows={2} placeholder="What the reader should know" aria-label="Text" />}
      <button>Add</button>
    </form>
    </>
  );
}
