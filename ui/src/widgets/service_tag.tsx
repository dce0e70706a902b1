// A service's name beside its colour, which is the same wherever the service is shown.

import { serviceHue } from "../state/service_hues";

export function ServiceTag({ name }: { name: string | null }) {
  const text = name ?? "no service.name";
  return (
    <span class="service-tag" style={{ "--hue": String(serviceHue(text)) }}>
      <span class="clip">{text}</span>
    </span>
  );
}
