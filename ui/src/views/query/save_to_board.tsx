// Puts the question on a board: one of those there are, or a new one.

import { boardsUrl, createBoard, readBoard, saveBoard, type BoardPanel, type BoardSummary } from "../../api/boards";
import { get } from "../../api/client";
import { inOrder, laidOut } from "../../board/arrange";
import { go } from "../../state/location";
import { openMenu } from "../../widgets/menu";
import { toast } from "../../widgets/toast";

export function SaveToBoard({ question, style }: { question: string; style: string | undefined }) {
  const panel: BoardPanel = { type: "query", query_panel: { query: question, ...(style ? { query_style: style } : {}) } };
  const attempt = (act: () => Promise<unknown>) => (): void => {
    act().catch((problem: unknown) => toast(problem instanceof Error ? problem.message : String(problem)));
  };
  const addTo = async (board: BoardSummary): Promise<void> => {
    const known = await readBoard(board.id);
    await saveBoard(board.id, { ...known, panels: laidOut([...inOrder(known.panels), panel]) });
    toast(`Saved to ${board.name}`);
  };
  const addToNew = async (): Promise<void> => {
    const made = await createBoard({ name: "New board", panels: laidOut([panel]) });
    go(`/board/${made.id}`);
  };
  const open = async (event: MouseEvent, button: HTMLElement): Promise<void> => {
    const place = button.getBoundingClientRect();
    const { boards } = await get<{ boards: BoardSummary[] }>(boardsUrl);
    const at = { clientX: place.left, clientY: place.bottom, currentTarget: button } as unknown as MouseEvent;
    openMenu(at, "Save to a board", [
      ...boards.slice(0, 12).map((board) => ({ title: board.name, note: board.description || undefined, act: attempt(() => addTo(board)) })),
      { title: "A new board", act: attempt(addToNew) },
    ]);
    event.preventDefault();
  };
  return (
    <button class="small" aria-haspopup="menu" onClick={(event) => attempt(() => open(event, event.currentTarget))()}>
      Save to a board
    </button>
  );
}
