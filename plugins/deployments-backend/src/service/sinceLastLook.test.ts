import { memorySchema } from '../database/rows';
import { sinceLastLook } from './sinceLastLook';

const memory = memorySchema.parse({
  lookedAt: '2026-06-01T12:00:00.000Z',
  lookedBy: 'one',
  deadline: '2026-06-01T12:09:00.000Z',
  watchUntil: '2026-06-01T12:05:00.000Z',
  lost: { 'cart-1': '2026-06-01T11:59:50.000Z' },
});
const look = (time: string, lookedBy: string, of = memory) =>
  sinceLastLook(of, { lookedAt: `2026-06-01T${time}.000Z`, lookedBy });

describe('the times by which something has to be over', () => {
  it.each(['one', 'another'])('stay where they are while %s looks', who => {
    expect(look('12:00:29', who)).toBe(memory);
    expect(look('11:59:58', who)).toBe(memory);
    const never = memorySchema.parse({ deadline: memory.deadline });
    expect(look('14:00:00', who, never)).toBe(never);
  });

  it.each([
    ['13:30:00', '13:39:00', '13:35:00', '13:29:50'],
    ['12:05:00', '12:14:00', '12:10:00', '12:04:50'],
    ['12:02:00', '12:11:00', '12:07:00', '12:01:50'],
    ['11:55:00', '12:04:00', '12:00:00', '11:54:50'],
    ['10:30:00', '10:39:00', '10:35:00', '10:29:50'],
  ])(
    'leave as much time as there was where it is %s by another’s clock, or by one that is not known',
    (now, deadline, watchUntil, lost) => {
      const unknown = { ...memory, lookedBy: undefined };
      for (const moved of [look(now, 'another'), look(now, 'one', unknown)]) {
        expect(moved).toMatchObject({
          deadline: `2026-06-01T${deadline}.000Z`,
          watchUntil: `2026-06-01T${watchUntil}.000Z`,
          lost: { 'cart-1': `2026-06-01T${lost}.000Z` },
        });
      }
    },
  );

  it.each([
    ['12:02:00', '12:10:30', '12:06:30', '12:01:20'],
    ['13:30:00', '13:38:30', '13:34:30', '13:29:20'],
  ])(
    'come nearer by half a minute with each look of one that is slow, or slept until %s',
    (now, deadline, watchUntil, lost) => {
      expect(look(now, 'one')).toMatchObject({
        deadline: `2026-06-01T${deadline}.000Z`,
        watchUntil: `2026-06-01T${watchUntil}.000Z`,
        lost: { 'cart-1': `2026-06-01T${lost}.000Z` },
      });
    },
  );

  it('leave as much time as there was where a clock was set back', () => {
    expect(look('11:55:00', 'one')).toMatchObject({
      deadline: '2026-06-01T12:04:00.000Z',
    });
  });
});
