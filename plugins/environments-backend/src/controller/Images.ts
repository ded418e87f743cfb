/** Whether images are where nodes are going to look for them. */
export interface Images {
  /** @returns `unknown` where nobody can say: the node finds out then */
  look(image: string): Promise<'there' | 'missing' | 'unknown'>;
  /**
   * What a tag leads to, as it was less than half a minute ago. Tags are moved, such as one of a branch by each build of it.
   *
   * @returns `sha256:…`; undefined where nobody can say
   */
  digestOf(image: string): Promise<string | undefined>;
}
