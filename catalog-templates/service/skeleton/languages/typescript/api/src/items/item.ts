import Type, { type Static } from 'typebox';

/** What a caller gives to make an item. */
export const newItemSchema = Type.Object(
  // No null character: PostgreSQL cannot hold it.
  { name: Type.String({ minLength: 1, maxLength: 200, pattern: '^[^\\u0000]*$' }) },
  { additionalProperties: false },
);

export const itemSchema = Type.Object({
  id: Type.String({ format: 'uuid' }),
  name: Type.String(),
  createdAt: Type.String({ format: 'date-time' }),
});

export type NewItem = Static<typeof newItemSchema>;
export type Item = Static<typeof itemSchema>;
