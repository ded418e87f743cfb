/** What is told reaches back further than facts can be gone on from. */
export class ReachesBack extends Error {}
