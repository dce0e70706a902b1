// Every widget by itself, with made-up data: to see all of them at once in both themes, and to work on one.

import type { ComponentChildren } from "preact";
import { useMemo, useState } from "preact/hooks";
import { ApiFailure } from "../../api/client";
import { moment } from "../../base/time";
import { cellsOf, type CellBox } from "../../chart/heatmap_cells";
import { responseTimes, selectionOf } from "../../chart/response_times";
import { place } from "../../state/location";
import { ActionTable } from "../../widgets/action_table";
import { AnswerDrawing } from "../../widgets/answer_drawing";
import { AttributeTable } from "../../widgets/attribute_table";
import { BarChart } from "../../widgets/bar_chart";
import { TextPanel } from "../../widgets/board_panel";
import { CopyButton } from "../../widgets/copy_button";
import { DifferenceCard } from "../../widgets/difference_card";
import { DropPanel } from "../../widgets/drop_panel";
import { Heatmap } from "../../widgets/heatmap";
import { HeatmapTable } from "../../widgets/heatmap_table";
import { Icon, iconNames } from "../../widgets/icon";
import { LineChart } from "../../widgets/line_chart";
import { openMenu } from "../../widgets/menu";
import { Empty, Problem } from "../../widgets/notice";
import { QueryInput } from "../../widgets/query_input";
import { ResultTable } from "../../widgets/result_table";
import { Scatter } from "../../widgets/scatter";
import { ServiceTag } from "../../widgets/service_tag";
import { SeverityHistogram } from "../../widgets/severity_histogram";
import { StandingStrip } from "../../widgets/standing_strip";
import { TimeHistogram } from "../../widgets/time_histogram";
import { toast } from "../../widgets/toast";
import { VirtualList } from "../../widgets/virtual_list";
import { earlierAnswer, sampleAnswer, sampleAttributes, sampleDifferences, sampleHeatmap, sampleLines, sampleStart, sampleStep, sampleStrip, sampleTimes, sampleTraces } from "./samples";

const nothing = (): void => {};

export function GalleryView() {
  const [pointed, setPointed] = useState<number | undefined>();
  const [box, setBox] = useState<CellBox | undefined>({ firstStep: 34, endStep: 50, firstBucket: 24, endBucket: 34 });
  const cells = useMemo(() => cellsOf(sampleHeatmap, true), []);
  const start = moment(sampleStart);
  const menu = (event: MouseEvent): void => openMenu(event, "A menu", [{ title: "Filter to this", note: 'service.name = "checkout"', act: () => toast("Filtered") }, { title: "The traces behind it", href: "/traces" }]);
  const charts = { answer: sampleAnswer, pointed, onPoint: setPointed };
  return (
    <div class="view-page scrolls gallery">
      <div class="view-head">
        <h1>All widgets</h1>
        <span class="soft">with made-up data</span>
      </div>
      <Shown name="heatmap">
        <Heatmap title="duration_ms" cells={cells} start={start} stepNs={sampleStep} unit="ms" selected={box} onSelect={setBox} />
        <HeatmapTable title="duration_ms" cells={cells} start={start} stepNs={sampleStep} unit="ms" />
      </Shown>
      <Shown name="difference_card">
        <div class="bubble-up">
          {sampleDifferences.columns.map((column) => (
            <DifferenceCard key={column.column} column={column} answer={sampleDifferences} onName={menu} onValue={(_, event) => menu(event)} onSpan={(_, event) => menu(event)} />
          ))}
        </div>
      </Shown>
      <Shown name="line_chart">
        <LineChart {...charts} before={earlierAnswer} />
      </Shown>
      <Shown name="line_chart, stacked">
        <LineChart {...charts} isStacked />
      </Shown>
      <Shown name="bar_chart">
        <BarChart {...charts} onChoose={(_, event) => menu(event)} />
      </Shown>
      <Shown name="result_table">
        <ResultTable {...charts} before={{ answer: earlierAnswer, title: "a day before" }} onCell={(_, __, event) => menu(event)} onGroup={(_, event) => menu(event)} />
      </Shown>
      <Shown name="answer_drawing, as it stands on a board">
        <AnswerDrawing {...charts} shape="bars" isLogarithmic={false} onChoosePoint={nothing} onChooseRow={nothing} isSmall />
      </Shown>
      <Shown name="action_table">
        <ActionTable
          label="Fruit"
          rows={["apples", "pears"]}
          keyOf={(name) => name}
          isDimmed={(name) => name === "pears"}
          columns={[
            { title: "Name", cell: (name) => name },
            { title: "Pieces", isNumber: true, cell: (name) => name.length },
          ]}
          actions={(name) => [
            { title: "Count", label: `Count ${name}`, act: () => toast("Counted") },
            { title: "Remove", label: `Remove ${name}`, sure: "Yes, remove", act: () => toast("Removed") },
          ]}
        />
      </Shown>
      <Shown name="severity_histogram">
        <SeverityHistogram histogram={sampleLines} onSelect={({ from, to }) => toast(`From ${from} to ${to}`)} />
      </Shown>
      <Shown name="time_histogram">
        <TimeHistogram times={responseTimes(sampleTimes)} selection={selectionOf(place.value.params)} params={place.value.params} />
      </Shown>
      <Shown name="standing_strip">
        <StandingStrip strip={sampleStrip} />
      </Shown>
      <Shown name="drop_panel">
        <DropPanel label="A panel">
          <a href="/traces">A link</a>
          <button class="plain" onClick={() => toast("Done")}>
            A button
          </button>
        </DropPanel>
      </Shown>
      <Shown name="scatter">
        <Scatter traces={sampleTraces} from={start} to={moment(sampleAnswer.range.to_ns)} onOpen={nothing} />
      </Shown>
      <Shown name="query_input">
        <QueryInput form="question" signal="traces" value="COUNT GROUP BY service.name" label="A question" placeholder="" onSubmit={nothing} />
        <QueryInput form="condition" signal="traces" value="service.name = =" label="A faulty condition" placeholder="" isFaulty onSubmit={nothing} />
      </Shown>
      <Shown name="attribute_table">
        <AttributeTable attributes={sampleAttributes} search="" path="/traces" />
      </Shown>
      <Shown name="virtual_list">
        <div class="gallery-list">
          <VirtualList count={1_000_000} rowHeight={26} label="A million rows" row={(index) => <div key={index} role="listitem" class="gallery-row">row {index + 1} of 1,000,000</div>} />
        </div>
      </Shown>
      <Shown name="service_tag">
        {["storefront", "checkout", "payment", "a-service-with-a-long-name", null].map((name) => (
          <ServiceTag key={name} name={name} />
        ))}
      </Shown>
      <Shown name="board_panel, a text">
        <TextPanel text={"# On call\n\nWho to call: Ada.\n\n- look at the queue: `clew query COUNT`\n- The runbook is at https://example.com/runbook"} />
      </Shown>
      <Shown name="notice">
        <Empty title="No row matches in the last hour">
          <p>48,213 rows were looked at.</p>
          <div class="actions"><button class="primary">Look in the last day</button></div>
        </Empty>
        <Problem failure={new ApiFailure("expected a number\nCOUNT WHERE duration_ms > fast\n                          ^", "bad_input")} />
      </Shown>
      <Shown name="button, copy_button, menu, toast">
        <p class="gallery-row">
          <button class="primary">Primary</button> <button>Usual</button> <button aria-pressed="true">Pressed</button> <button disabled>Not now</button> <button class="small">Small</button>{" "}
          <CopyButton text="copied" what="a word" label="Copy" /> <button onClick={menu} aria-haspopup="menu">A menu</button> <button onClick={() => toast("Done")}>A toast</button>
        </p>
      </Shown>
      <Shown name="icon">
        <p class="gallery-icons">
          {iconNames.map((name) => (
            <span key={name}>
              <Icon name={name} />
              <span class="faint">{name}</span>
            </span>
          ))}
        </p>
      </Shown>
    </div>
  );
}

function Shown({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <section class="block gallery-widget" aria-label={name}>
      <h2>
        <code>{name}</code>
      </h2>
      {children}
    </section>
  );
}
