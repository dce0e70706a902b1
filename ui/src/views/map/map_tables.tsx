// The numbers of the map as tables: to be read aloud, compared and copied.

import type { RequestFigures } from "../../api/answers";
import { formatCount, formatShare } from "../../base/numbers";
import { keyOf, nameOf } from "../../map/choose";
import { latencyText, rateText } from "../../map/figures_text";
import { kindWords } from "../../map/silhouette";
import { tracesOfCall, tracesOfNode } from "../../map/ways";
import type { MapPictureProps } from "./map_picture";

const figureTitles = ["Requests", "Rate", "Median", "95th percentile", "Faults", "Errors", "Throttled"];

export function MapTables({ part: { nodes, edges }, seconds, question }: MapPictureProps) {
  return (
    <details class="map-tables">
      <summary>The same as tables</summary>
      <div class="block">
        <table class="plain-table" aria-label="Nodes">
          <thead>
            <tr>
              <th>Node</th>
              <th>Kind</th>
              <FigureHeads />
            </tr>
          </thead>
          <tbody>
            {nodes.map((node) => (
              <tr key={keyOf(node)}>
                <td>
                  <MaybeLink href={tracesOfNode(node, question)}>{node.kind === "client" ? `outside, calling ${node.name}` : nameOf(node)}</MaybeLink>
                </td>
                <td>{node.type ?? kindWords[node.kind]}</td>
                <FigureCells figures={node} seconds={seconds} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="block">
        <table class="plain-table" aria-label="Calls">
          <thead>
            <tr>
              <th>From</th>
              <th>To</th>
              <FigureHeads />
            </tr>
          </thead>
          <tbody>
            {edges.map((edge) => {
              const [caller, called] = [nodes[edge.from]!, nodes[edge.to]!];
              return (
                <tr key={`${keyOf(caller)}\n${keyOf(called)}`}>
                  <td>{nameOf(caller)}</td>
                  <td>
                    <MaybeLink href={tracesOfCall(caller, called, question)}>{nameOf(called)}</MaybeLink>
                  </td>
                  <FigureCells figures={edge} seconds={seconds} />
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function MaybeLink({ href, children }: { href: string | undefined; children: preact.ComponentChildren }) {
  return href ? <a href={href}>{children}</a> : <>{children}</>;
}

function FigureHeads() {
  return (
    <>
      {figureTitles.map((title) => (
        <th key={title} class="number">
          {title}
        </th>
      ))}
    </>
  );
}

function FigureCells({ figures, seconds }: { figures: RequestFigures; seconds: number }) {
  const { requests, p50_ms, p95_ms, faults, errors, throttles } = figures;
  const cells = [formatCount(requests), rateText(requests, seconds), latencyText(p50_ms), latencyText(p95_ms), ...[faults, errors, throttles].map((count) => formatShare(count, requests))];
  return (
    <>
      {cells.map((cell, index) => (
        <td key={index} class="number">
          {cell}
        </td>
      ))}
    </>
  );
}
