// A service's name beside its colour, which is the same wherever the service is shown.

import { hueOfStep, stepOfName } from "../base/colour";

export function ServiceTag({ name, hue }: { name: string | null; hue?: number | undefined }) {
  const text = name ?? "no service.name";
  return (
    <span class="service-tag" style={{ "--hue": String(hue ?? hueOfStep(stepOfName(text))) }}>
      <span class="clip">{text}</span>
    </span>
  );
}
