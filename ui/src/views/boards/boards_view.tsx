// All boards, and the way to a new one.

import type { BoardSummary } from "../../api/boards";
import { boardsUrl, createBoard } from "../../api/boards";
import { formatAgo, moment, now } from "../../base/time";
import { useAnswer } from "../../state/answer";
import { go } from "../../state/location";
import { useListKeys } from "../../widgets/list_keys";
import { Empty, Problem } from "../../widgets/notice";
import { toast } from "../../widgets/toast";

export function BoardsView() {
  const { answer, failure } = useAnswer<{ boards: BoardSummary[] }>(boardsUrl);
  const boards = [...(answer?.boards ?? [])].sort((left, right) => left.name.localeCompare(right.name));
  const current = useListKeys("Boards", boards.length, (index) => go(`/board/${boards[index]!.id}`));
  return (
    <div class="view-page scrolls">
      <div class="view-head">
        <h1>Boards</h1>
        <span class="soft">{answer && boards.length > 0 && `${boards.length}`}</span>
      </div>
      <NewBoardForm />
      {failure && <Problem failure={failure} />}
      {answer && boards.length === 0 && (
        <Empty title="No board yet">
          <p>A board is a set of questions side by side, with words between them. Name one above, or ask a question and press “Save to a board”.</p>
          <div class="actions">
            <button onClick={() => void makeExample()}>Make one of the usual four questions</button>
          </div>
        </Empty>
      )}
      <ul class="board-list">
        {boards.map((board, index) => (
          <li key={board.id}>
            <a href={`/board/${board.id}`} class={current === index ? "is-current" : undefined}>
              <strong>{board.name}</strong>
              <span class="soft clip">{board.description}</span>
              <span class="grow" />
              <span class="faint">
                {board.panels} {board.panels === 1 ? "panel" : "panels"} · {formatAgo(moment(board.modified_ns), now())}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

function NewBoardForm() {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget as HTMLFormElement).get("name")).trim();
    if (name) void makeBoard(name, []);
  };
  return (
    <form class="filter-bar" onSubmit={submit}>
      <input name="name" data-search placeholder="Name of a new board" aria-label="Name of a new board" maxLength={255} />
      <button class="primary">Make it</button>
    </form>
  );
}

const usual: readonly string[] = ["COUNT GROUP BY service.name", "HEATMAP(duration_ms)", "P95(duration_ms) GROUP BY service.name", "COUNT WHERE error = true GROUP BY service.name"];

const makeExample = (): Promise<void> => makeBoard("Overview", usual);

async function makeBoard(name: string, questions: readonly string[]): Promise<void> {
  try {
    const panels = questions.map((query, index) => ({
      type: "query" as const,
      position: { x_coordinate: (index % 2) * 6, y_coordinate: Math.floor(index / 2) * 4, width: 6, height: 4 },
      query_panel: { query },
    }));
    go(`/board/${(await createBoard({ name, panels })).id}`);
  } catch (problem) {
    toast(problem instanceof Error ? problem.message : String(problem));
  }
}
