import { DayMaterial } from '../facts/Facts';

/** From one to the other, both counted. */
export interface Days {
  from: string;
  to: string;
}

/** A day, or a part of it that others add to. */
export interface Day extends DayMaterial {
  day: string;
}
