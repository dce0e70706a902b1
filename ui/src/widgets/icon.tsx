// The page's own icons: strokes on a 16 × 16 grid in the colour of the text around them.

const shapes = {
  thread: "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8ZM2.4 6.2c3.6-1.5 7.6-1.5 11.2 0M2.2 9.8c3.7 1.6 7.9 1.6 11.6 0M5.2 2.6c-1.5 3.5-1.5 7.3 0 10.8M10.8 2.6c1.5 3.5 1.5 7.3 0 10.8M13.4 11.2l1.6 3.2",
  home: "M2.5 7.5 8 2.7l5.5 4.8M4 6.5v6.8h8V6.5",
  services: "M2.5 2.5h4.5v4.5H2.5zM9 2.5h4.5v4.5H9zM2.5 9h4.5v4.5H2.5zM9 9h4.5v4.5H9z",
  map: "M1.5 6h4v4h-4zM10.5 2h4v4h-4zM10.5 10h4v4h-4zM5.5 8h2.5v-4h2.5M8 8v4h2.5",
  traces: "M2 3.5h8M4.5 8h7M7 12.5h7",
  query: "M2.5 13.5V2.5M2.5 13.5h11M5 10.5l2.7-3.5 2.3 1.7 3-4.7",
  xray: "M2.5 5.5v-3h3M10.5 2.5h3v3M13.5 10.5v3h-3M5.5 13.5h-3v-3M5 5l6 6M11 5l-6 6",
  logs: "M3 3.5h10M3 6.5h7M3 9.5h10M3 12.5h5",
  boards: "M2.5 2.5h5v7h-5zM9.5 2.5h4v4h-4zM2.5 11.5h5v2h-5zM9.5 8.5h4v5h-4z",
  history: "M2.6 8a5.4 5.4 0 1 0 1.7-3.9M2.5 2.5v3.2h3.2M8 5v3.2l2.2 1.3",
  settings: "M2.5 4.5h6M11.5 4.5h2M10 3v3M2.5 11.5h2M7.5 11.5h6M6 10v3",
  command: "M5.8 5.8h4.4v4.4H5.8zM5.8 5.8V4.2a1.6 1.6 0 1 0-1.6 1.6zM10.2 5.8h1.6a1.6 1.6 0 1 0-1.6-1.6zM10.2 10.2v1.6a1.6 1.6 0 1 0 1.6-1.6zM5.8 10.2H4.2a1.6 1.6 0 1 0 1.6 1.6z",
  grip: "M6 4h.01M6 8h.01M6 12h.01M10 4h.01M10 8h.01M10 12h.01",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  alerts: "M3.2 11.5h9.6c-1-1.1-1.4-2.2-1.4-4.4a3.4 3.4 0 0 0-6.8 0c0 2.2-.4 3.3-1.4 4.4ZM6.6 13.5a1.5 1.5 0 0 0 2.8 0M8 3.7V2.2",
  arrivals: "M8 2v7.5M5 6.8 8 9.8l3-3M2.5 10.5v3h11v-3",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM10.3 10.3l3.4 3.4",
  sun: "M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6ZM8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9",
  moon: "M13.3 9.7A5.7 5.7 0 0 1 6.3 2.7a5.7 5.7 0 1 0 7 7Z",
  keyboard: "M1.5 4h13v8h-13zM4 6.5h.01M6.7 6.5h.01M9.4 6.5h.01M12 6.5h.01M5 9.5h6",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
  check: "M3 8.5l3.2 3.2L13 4.8",
  close: "M4 4l8 8M12 4l-8 8",
  link: "M6.7 9.3a2.5 2.5 0 0 0 3.6 0l2.4-2.4a2.55 2.55 0 0 0-3.6-3.6l-.8.8M9.3 6.7a2.5 2.5 0 0 0-3.6 0L3.3 9.1a2.55 2.55 0 0 0 3.6 3.6l.8-.8",
  download: "M8 2.5v7.5M5 7.3 8 10.3l3-3M2.5 13.5h11",
  filter: "M2.5 3.5h11L9.5 8.5v4.5l-3-1.5v-3z",
  exclude: "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11ZM4.1 4.1l7.8 7.8",
  metrics: "M2.5 13.5h11M4 13.5v-4M7 13.5v-7M10 13.5v-5M13 13.5v-10",
  group: "M2.5 3h4v2.5h-4zM2.5 10.5h4v2.5h-4zM9 4.2h4.5M9 11.8h4.5M9 8h4.5M2.5 8h4",
  error: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2ZM8 5v3.7M8 11h.01",
  clock: "M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2ZM8 5v3.2l2.2 1.3",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  play: "M5 3.2v9.6l7.5-4.8z",
  next: "M3.5 6 8 10.5 12.5 6",
  previous: "M3.5 10 8 5.5l4.5 4.5",
} as const;

export type IconName = keyof typeof shapes;
export const iconNames = Object.keys(shapes) as readonly IconName[];

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      stroke-width="1.4"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={shapes[name]} />
    </svg>
  );
}
