// Moves the window smoothly towards where keys and buttons send it; dragging sets it at once.

import { nanoseconds } from "../../base/time";
import type { TimeWindow } from "../../trace/viewport";
import type { TraceState } from "./trace_state";

/** Share of the way gone each frame: three frames for most of it. */
const pace = 0.4;

export class WindowMotion {
  private target: TimeWindow | undefined;
  private frame: number | undefined;

  constructor(private readonly state: TraceState) {}

  /** Where the window is, or is going to be. */
  get aim(): TimeWindow {
    return this.target ?? this.state.window.value;
  }

  moveTo(window: TimeWindow): void {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      this.jumpTo(window);
      return;
    }
    this.target = window;
    this.frame ??= requestAnimationFrame(this.step);
  }

  jumpTo(window: TimeWindow): void {
    this.target = undefined;
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
    this.frame = undefined;
    this.state.window.value = window;
  }

  stop(): void {
    this.jumpTo(this.aim);
  }

  private readonly step = (): void => {
    const target = this.target!;
    const now = this.state.window.value;
    const isThere = Math.abs(target.from - now.from) + Math.abs(target.to - now.to) < (target.to - target.from) * 0.002;
    if (isThere) {
      this.jumpTo(target);
      return;
    }
    this.frame = requestAnimationFrame(this.step);
    this.state.window.value = {
      from: nanoseconds(now.from + (target.from - now.from) * pace),
      to: nanoseconds(now.to + (target.to - now.to) * pace),
    };
  };
}
