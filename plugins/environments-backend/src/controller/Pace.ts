/** How long the controller waits for what others do, in milliseconds. */
export interface Pace {
  /** What keeps a namespace from going is named after this. */
  blockedAfterMs: number;
  /** An image that was not there is asked for again after this; a node waits up to five minutes. */
  askForImageAfterMs: number;
  /** So often it is looked whether a tag leads to another image by now. */
  followTagsEveryMs: number;
}

export const usualPace: Pace = {
  blockedAfterMs: 20_000,
  askForImageAfterMs: 20_000,
  followTagsEveryMs: 30_000,
};
