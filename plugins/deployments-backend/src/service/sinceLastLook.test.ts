import { memorySchema } from '../database/rows';
import { sinceLastLook } from './sinceLastLook';

const memory = memorySchema.parse({
  lookedAt: '2026-06-01T12:00:00.000Z',
  deadline: '2026-06-01T12:09:00.000Z',
  watchUntil: '2026-06-01T12:05:00.000Z',
});

describe('the times by which something has to be over', () => {
  it('stay where they are while somebody looks', () => {
    expect(sinceLastLook(memory, '2026-06-01T12:00:29.000Z')).toBe(memory);
    expect(sinceLastLook(memory, '2026-06-01T11:59:58.000Z')).toBe(memory);
    const never = memorySchema.parse({ deadline: memory.deadline });
    expect(sinceLastLook(never, '2026-06-01T14:00:00.000Z')).toBe(never);
  });

  it.each([
    [
      '2026-06-01T13:30:00.000Z',
      '2026-06-01T13:39:00.000Z',
      '2026-06-01T13:35:00.000Z',
    ],
    [
      '2026-06-01T12:05:00.000Z',
      '2026-06-01T12:14:00.000Z',
      '2026-06-01T12:10:00.000Z',
    ],
    [
      '2026-06-01T11:55:00.000Z',
      '2026-06-01T12:04:00.000Z',
      '2026-06-01T12:00:00.000Z',
    ],
    [
      '2026-06-01T10:30:00.000Z',
      '2026-06-01T10:39:00.000Z',
      '2026-06-01T10:35:00.000Z',
    ],
  ])(
    'leave as much time as there was where it is suddenly %s',
    (now, deadline, watchUntil) => {
      expect(sinceLastLook(memory, now)).toMatchObject({
        ...{ deadline, watchUntil },
      });
    },
  );
});
