import Type from 'typebox';
import { wholeNumber } from '../runtime/environment.ts';

export const databaseSettings = {
  DATABASE_URL: Type.String({
    pattern: '^postgres(ql)?://.+',
    description: 'an address like postgres://user:password@host:5432/database',
  }),
  DATABASE_POOL_MAX: wholeNumber(10, 1, 1000),
};
