import { answerWith, item } from '../__testUtils__/answers';
import { headline } from './headline';

const one = [item('a', ['a'])];
const two = [...one, item('b', ['b'])];

describe('headline', () => {
  it.each([
    ['Nothing breaks if this breaks', answerWith([])],
    ['1 thing breaks if this breaks', answerWith(one)],
    ['2 things break if this breaks', answerWith(two)],
    [
      'More than 1 thing breaks if this breaks',
      answerWith(one, { truncated: true }),
    ],
    [
      '2 things in production break if this breaks',
      answerWith(two, { lifecycle: ['production'] }),
    ],
    ['This needs 1 thing', answerWith(one, { direction: 'dependencies' })],
    [
      'This needs nothing that the catalog knows of',
      answerWith([], { direction: 'dependencies' }),
    ],
    [
      'This needs more than 2 things',
      answerWith(two, { direction: 'dependencies', truncated: true }),
    ],
  ])('says "%s"', (text, answer) => {
    expect(headline(answer)).toBe(text);
  });
});
