import { DayMaterial } from '../facts/Facts';

/** From one to the other, both counted. */
export interface Days {
  from: string;
  to: string;
}

/** A day, or a part of it that others add to. How old its open failures are is asked where they are kept. */
export interface Day extends Omit<DayMaterial, 'openSince'> {
  day: string;
}
