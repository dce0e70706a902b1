// The palette: one field from which every view, action, service, board, question and trace can be reached.

import { signal } from "@preact/signals";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { boardsUrl, type BoardSummary } from "../api/boards";
import { apiUrl, get } from "../api/client";
import type { Services } from "../api/answers";
import { rememberedQuestions } from "../state/history";
import { activeKeys } from "../state/keys";
import { go, hrefOf } from "../state/location";
import { offersFor, type Offer } from "../state/palette";
import { views } from "../views/list";
import { Icon } from "./icon";

export const isPaletteOpen = signal(false);

export function Palette() {
  return isPaletteOpen.value ? <OpenPalette /> : null;
}

function ownOffers(): Offer[] {
  const pages = views.map((view): Offer => ({ kind: "view", title: view.title, hint: `g ${view.key}`, href: view.path }));
  const actions = activeKeys().flatMap((group) => group.actions.filter(({ keys }) => !keys[0]!.startsWith("g ")).map((action): Offer => ({ kind: "action", title: action.does, hint: action.shown ?? action.keys[0]!, act: () => action.act(new KeyboardEvent("keydown", { key: action.keys[0]! })) })));
  const questions = rememberedQuestions().map((question): Offer => ({ kind: "question", title: question, href: hrefOf("/q", { q: question }) }));
  const gallery: Offer = { kind: "view", title: "All widgets", href: "/widgets" };
  return [...pages, gallery, ...actions, ...questions];
}

/** From the server; without them the palette still works. */
async function serverOffers(): Promise<Offer[]> {
  const [services, boards] = await Promise.allSettled([get<Services>(apiUrl("services", { from: "now-24h" })), get<{ boards: BoardSummary[] }>(boardsUrl)]);
  return [
    ...(boards.status === "fulfilled" ? boards.value.boards.map((board): Offer => ({ kind: "board", title: board.name, href: `/board/${board.id}` })) : []),
    ...(services.status === "fulfilled" ? services.value.services.flatMap(({ name }): Offer[] => (name ? [{ kind: "service", title: name, href: hrefOf("/traces", { service: name }) }] : [])) : []),
  ];
}

function OpenPalette() {
  const [typed, setTyped] = useState("");
  const [current, setCurrent] = useState(0);
  const [fromServer, setFromServer] = useState<readonly Offer[]>([]);
  const own = useMemo(ownOffers, []);
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    input.current!.focus();
    let isGone = false;
    void serverOffers().then((offers) => isGone || setFromServer(offers));
    return () => {
      isGone = true;
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const offers = offersFor(typed, [...own, ...fromServer]);
  const close = (): void => {
    isPaletteOpen.value = false;
  };
  const take = (offer: Offer | undefined): void => {
    if (!offer) return;
    close();
    if (offer.href) go(offer.href);
    else offer.act?.();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "ArrowDown") setCurrent((current + 1) % Math.max(1, offers.length));
    else if (event.key === "ArrowUp") setCurrent((current - 1 + offers.length) % Math.max(1, offers.length));
    else if (event.key === "Enter") take(offers[current]);
    else if (event.key === "Escape") close();
    else if (event.key !== "Tab") return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="palette" role="dialog" aria-modal="true" aria-label="Palette" onPointerDown={(event) => event.target === event.currentTarget && close()}>
      <div class="palette-box">
        <div class="palette-field">
          <Icon name="search" size={16} />
          <input
            ref={input}
            role="combobox"
            aria-expanded="true"
            aria-controls="palette-offers"
            aria-activedescendant={offers[current] ? `offer-${current}` : undefined}
            aria-label="Go to, do, ask or find"
            placeholder="A view, a service, a board, a question, a trace id …"
            spellcheck={false}
            autocomplete="off"
            value={typed}
            onInput={(event) => {
              setTyped(event.currentTarget.value);
              setCurrent(0);
            }}
            onKeyDown={onKeyDown}
          />
        </div>
        <ul id="palette-offers" role="listbox" aria-label="What is offered">
          {offers.map((offer, index) => (
            <li
              key={`${offer.kind} ${offer.title} ${offer.hint ?? ""}`}
              id={`offer-${index}`}
              role="option"
              aria-selected={index === current}
              onPointerMove={() => setCurrent(index)}
              onPointerDown={(event) => {
                event.preventDefault();
                take(offer);
              }}
            >
              <span class="faint offer-kind">{offer.kind}</span>
              <span class={`clip grow${offer.kind === "question" ? " mono" : ""}`}>{offer.title}</span>
              {offer.hint && <span class="faint">{offer.kind === "view" || offer.kind === "action" ? offer.hint.split(" ").map((part, at) => <kbd key={at}>{part}</kbd>) : offer.hint}</span>}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
