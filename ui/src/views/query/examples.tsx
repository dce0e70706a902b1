// What can be asked, for a page without a question yet.

const examples: readonly { text: string; asks: string }[] = [
  { text: "HEATMAP(duration_ms), COUNT", asks: "How are durations spread? Drag to compare." },
  { text: "COUNT GROUP BY service.name", asks: "How busy is each service?" },
  { text: "P50(duration_ms), P95(duration_ms), P99(duration_ms)", asks: "How slow are spans?" },
  { text: "COUNT WHERE error = true GROUP BY service.name, name", asks: "What fails?" },
  { text: "P95(duration_ms), COUNT GROUP BY name ORDER BY P95(duration_ms) DESC LIMIT 20", asks: "Which operations are slowest?" },
  { text: "ROWS time, service.name, name, duration_ms, trace.trace_id WHERE error = true LIMIT 100", asks: "Which spans failed, one by one?" },
  { text: "COUNT FROM logs GROUP BY severity", asks: "How many log lines of each severity?" },
];

export function Examples({ onChoose }: { onChoose: (text: string) => void }) {
  return (
    <div class="examples">
      <h2>Ask anything of your data</h2>
      <p class="soft">Functions first, then WHERE, GROUP BY, ORDER BY, HAVING, LIMIT. Names and values are completed as you type.</p>
      <ul>
        {examples.map(({ text, asks }) => (
          <li key={text}>
            <button onClick={() => onChoose(text)}>
              <span>{asks}</span>
              <code>{text}</code>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
