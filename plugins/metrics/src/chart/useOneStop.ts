import { KeyboardEvent, useRef, useState } from 'react';

/** What makes an element one that is stopped at. */
export interface Stop<E> {
  tabIndex: 0 | -1;
  ref: (element: E | null) => void;
  onFocus: () => void;
}

/**
 * Makes one stop for the Tab key of many things in a row: arrow keys, Home and End go from one to another. A chart of a year by day
 * would have hundreds of stops otherwise.
 *
 * @param places - of those that can be stopped at, ascending
 * @see https://www.w3.org/WAI/ARIA/apg/practices/keyboard-interface/#kbd_roving_tabindex
 */
export function useOneStop<E extends Element & { focus(): void }>(
  places: number[],
): {
  /** Of what is around them all */
  onKeyDown: (event: KeyboardEvent) => void;
  /** Of one of them */
  stopAt: (place: number) => Stop<E>;
} {
  const elements = useRef(new Map<number, E>());
  const [chosen, setChosen] = useState<number>();
  // The newest, until another one is gone to.
  const current =
    chosen !== undefined && places.includes(chosen) ? chosen : places.at(-1);
  return {
    onKeyDown(event) {
      const at = places.findIndex(one => one === current);
      const next = placeAfter(event.key, at, places.length);
      if (next === undefined) return;
      event.preventDefault();
      elements.current.get(places[next])?.focus();
    },
    stopAt: place => ({
      tabIndex: place === current ? 0 : -1,
      ref: element => {
        if (element) elements.current.set(place, element);
        else elements.current.delete(place);
      },
      onFocus: () => setChosen(place),
    }),
  };
}

/** @returns nothing for a key that goes nowhere */
function placeAfter(
  key: string,
  at: number,
  count: number,
): number | undefined {
  switch (key) {
    case 'ArrowLeft':
      return Math.max(0, at - 1);
    case 'ArrowRight':
      return Math.min(count - 1, at + 1);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
