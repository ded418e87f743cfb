import { permissionsFor } from '@highroad/plugin-platform-common';
import { secretOperations } from './operations';

/** What shows values, or says something of them, by whether production is in it. */
describe('what it takes to see values', () => {
  const [outside, production] = [
    'platform.secret.reveal',
    'platform.secret.reveal-production',
  ];

  it.each([
    ['reveal', [outside]],
    ['run', [outside]],
    ['diff', [outside]],
    // What is lent is read by whoever works at the environment.
    ['lend', [outside]],
    ['revealProduction', [production]],
    // Of a comparison both sides are seen.
    ['diffProduction', [outside, production]],
  ] as const)('%s takes %j', (name, permissions) => {
    expect(
      permissionsFor(secretOperations[name])
        .map(one => one.name)
        .sort(),
    ).toEqual(permissions);
  });

  it('nothing else takes a right to see values', () => {
    const others = Object.entries(secretOperations).filter(
      ([name]) => !/reveal|run|diff|lend/i.test(name),
    );
    expect(
      others
        .flatMap(([, operation]) => permissionsFor(operation))
        .filter(one => one.name.includes('reveal')),
    ).toEqual([]);
  });
});

it('actions do all that takes and shows no value, since what runs them keeps what goes in and comes out', () => {
  const without = Object.values(secretOperations)
    .filter(operation => !operation.action)
    .map(({ name }) => name);
  expect(without.sort()).toEqual(
    [
      // Take a value
      ...['import', 'provide', 'set'],
      // Show one
      ...['lend', 'reveal', 'reveal-production', 'run'],
      // Are for programs of the platform, or go beside one that is there
      ...['newest', 'plan-rotation', 'prometheus'],
    ].sort(),
  );
});

it('an import of too many keys is refused whole, with how many they are', () => {
  const { input } = secretOperations.importAll;
  const of = (count: number) =>
    input.safeParse({
      service: 'component:default/cart',
      entries: Array.from({ length: count }, (_, at) => ({
        ...{ key: `KEY_${at}`, value: 'x' },
      })),
    });
  expect(of(200).success).toBe(true);
  const { error } = of(201);
  expect(error?.issues).toMatchObject([
    {
      path: ['entries'],
      message:
        'these are 201 keys, and one import takes 200; nothing was set. Import them in parts.',
    },
  ]);
});
