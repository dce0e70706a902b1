// A choice among few, as a field of a form.

export interface RecordSelectProps {
  name: string;
  label: string;
  hint?: string;
  value: string;
  choices: readonly { value: string; title: string }[];
  onChoose?: (value: string) => void;
}

export function RecordSelect({ name, label, hint, value, choices, onChoose }: RecordSelectProps) {
  return (
    <label>
      <span>{label}</span>
      <select name={name} aria-label={label} onChange={(event) => onChoose?.(event.currentTarget.value)}>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value} selected={choice.value === value}>
            {choice.title}
          </option>
        ))}
      </select>
      {hint && <span class="faint">{hint}</span>}
    </label>
  );
}
