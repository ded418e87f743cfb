/** Typing is waited for this long before the list follows. */
export const PAUSE_MS = 350;

/** Small enough for all filters to stand in one line on a laptop. */
export const SMALL = {
  // Backstage puts a prefix before Material's class names.
  '& > label, & > div': { fontSize: 14 },
  // Beside one with a message below it, fields stay in one line.
  alignSelf: 'flex-start',
} as const;
