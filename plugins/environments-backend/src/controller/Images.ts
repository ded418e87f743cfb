/** Whether images are where nodes are going to look for them. */
export interface Images {
  /** @returns `unknown` where nobody can say: the node finds out then */
  look(image: string): Promise<'there' | 'missing' | 'unknown'>;
}
