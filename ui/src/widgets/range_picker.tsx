// The range of time in the top bar. What is chosen goes into the address; words stay words.

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { zoneText } from "../base/time";
import { change } from "../state/location";
import { currentRange, defaultFrom, describeRange, isTimeText, ranges } from "../state/time_range";
import { chooseZone, zoneChoice, type ZoneChoice } from "../state/time_zone";
import { Icon } from "./icon";

export function RangePicker() {
  const [isOpen, setOpen] = useState(false);
  const [refused, setRefused] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const range = currentRange();
  useLayoutEffect(() => {
    if (!isOpen) return;
    const close = (event: Event): void => {
      if (event instanceof KeyboardEvent ? event.key === "Escape" : !box.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", close);
    document.addEventListener("keydown", close);
    return () => {
      document.removeEventListener("pointerdown", close);
      document.removeEventListener("keydown", close);
    };
  }, [isOpen]);

  const choose = (from: string, to: string): void => {
    change({ from: from === defaultFrom ? undefined : from, to: to === "now" ? undefined : to });
    setOpen(false);
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const from = String(form.get("from")).trim();
    const to = String(form.get("to")).trim() || "now";
    const isGood = isTimeText(from) && isTimeText(to);
    setRefused(!isGood);
    if (isGood) choose(from, to);
  };
  return (
    <div class="range-picker" ref={box}>
      <button onClick={() => setOpen(!isOpen)} aria-expanded={isOpen} title="Range of time">
        <Icon name="clock" size={14} />
        {describeRange(range).replace(/^in the /, "").replace(/^l/, "L")}
      </button>
      {isOpen && (
        <div class="popover">
          {ranges.map((offered) => (
            <button class="choice" aria-selected={offered.from === range.from && range.to === "now"} onClick={() => choose(offered.from, "now")}>
              Last {offered.label}
            </button>
          ))}
          <form onSubmit={submit}>
            <label for="range-from">From</label>
            <input id="range-from" name="from" defaultValue={range.from} placeholder="now-3h or 2026-03-01 12:00" />
            <label for="range-to">To</label>
            <input id="range-to" name="to" defaultValue={range.to} />
            <button type="submit" class="primary">
              Show
            </button>
          </form>
          <div class="zone-choice">
            Times in{" "}
            <span class="segmented" role="group" aria-label="Time zone">
              {zones().map(({ choice, title }) => (
                <button key={choice} class="small" aria-pressed={choice === zoneChoice()} onClick={() => chooseZone(choice)}>
                  {title}
                </button>
              ))}
            </span>
          </div>
          {refused && <p class="error-text">Times look like now-3h, 2026-03-01 or 2026-03-01T12:00:00Z</p>}
        </div>
      )}
    </div>
  );
}

const zones = (): readonly { choice: ZoneChoice; title: string }[] => [
  { choice: "local", title: `Local (${zoneText(new Date().getTimezoneOffset())})` },
  { choice: "utc", title: "UTC" },
];
