import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

const ballotSchema = z.object({
  quarter: z.string(),
  group: z.string(),
  nonce: z.string(),
});
export type Ballot = z.infer<typeof ballotSchema>;

/** Makes and reads ballots. One that is given out is written down nowhere, so that nobody knows who has it. */
export class Ballots {
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
  }

  make(ballot: Ballot): string {
    const text = Buffer.from(JSON.stringify(ballot)).toString('base64url');
    return `${text}.${this.#sign(text)}`;
  }

  /** @returns nothing for what was not made here */
  read(text: string): Ballot | undefined {
    const [body, signature = ''] = text.split('.');
    const wanted = Buffer.from(this.#sign(body));
    const given = Buffer.from(signature);
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
      return undefined;
    }
    return ballotSchema.parse(
      JSON.parse(Buffer.from(body, 'base64url').toString('utf8')),
    );
  }

  #sign(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('base64url');
  }
}
