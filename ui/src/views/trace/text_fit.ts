// Text on a canvas, cut to a width. Widths are measured once per text and font.

export class TextFit {
  private readonly widths = new Map<string, number>();
  private font = "";

  /** The context must have its font set already. */
  widthOf(context: CanvasRenderingContext2D, text: string): number {
    if (context.font !== this.font || this.widths.size > 20_000) {
      this.widths.clear();
      this.font = context.font;
    }
    let width = this.widths.get(text);
    if (width === undefined) {
      width = context.measureText(text).width;
      this.widths.set(text, width);
    }
    return width;
  }

  /** The text, or as much of its beginning as fits followed by an ellipsis, or nothing. */
  cut(context: CanvasRenderingContext2D, text: string, width: number): string {
    if (width <= 0) return "";
    if (this.widthOf(context, text) <= width) return text;
    let low = 0;
    let high = text.length;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (context.measureText(`${text.slice(0, middle)}…`).width <= width) low = middle;
      else high = middle - 1;
    }
    return low === 0 ? "" : `${text.slice(0, low)}…`;
  }
}
