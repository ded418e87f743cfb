import { z } from 'zod';
import { defineOperation, Operation } from './Operation';

const wash: Operation = {
  plugin: 'cars',
  name: 'wash',
  summary: 'wash a car',
  http: { method: 'POST', path: '/v1/cars/:car/washes' },
  input: z.object({ car: z.string() }),
  output: z.object({}),
  access: 'signed-in',
  audit: { event: 'wash', severity: 'medium' },
};
const action = { name: 'wash', title: 'Wash a car', description: 'With water' };

describe('declaring an operation', () => {
  it('takes one whose examples are inputs', () => {
    const examples = [{ title: 'The beetle', input: { car: 'beetle' } }];
    const declared = { ...wash, action: { ...action, examples } };
    expect(defineOperation(declared)).toBe(declared);
  });

  it.each([{ car: 7 }, { car: 'beetle', color: 'red' }, {}])(
    'refuses the example %j, which is no input',
    input => {
      const examples = [{ title: 'Wrong', input }];
      expect(() =>
        defineOperation({ ...wash, action: { ...action, examples } }),
      ).toThrow(/car|color/);
    },
  );

  it('refuses a path that names what the input lacks', () => {
    const http = { method: 'POST', path: '/v1/:garage/washes' } as const;
    expect(() => defineOperation({ ...wash, http })).toThrow(/:garage/);
  });

  it('refuses a GET that has an effect on an environment', () => {
    const http = { method: 'GET', path: '/v1/washes' } as const;
    const audit = { event: 'wash', severity: 'by-environment' } as const;
    expect(() => defineOperation({ ...wash, http, audit })).toThrow(/GET/);
  });
});
