import { parseQuantity } from '@highroad/plugin-platform-node/manifests';
import { Breach, Guardrail, Subject } from './Guardrail';

type Amounts = Record<string, string | number> | null | undefined;

export const requests: Guardrail = {
  id: 'requests',
  why: 'Without them, nothing is kept free for it, and it is the first to be driven out.',
  check: ({ container }) => {
    const { requests: amounts } = container.resources ?? {};
    return [
      ...missing('requests', amounts, ['cpu', 'memory']),
      ...wrong('requests', amounts),
    ];
  },
};

export const limits: Guardrail = {
  id: 'limits',
  why: 'Without a limit on memory, a leak takes that of everything else on the node.',
  check: subject => {
    const { limits: amounts } = subject.container.resources ?? {};
    return [
      ...missing('limits', amounts, ['memory']),
      ...wrong('limits', amounts),
      ...belowRequest(subject),
    ];
  },
};

function missing(field: string, amounts: Amounts, names: string[]): Breach[] {
  return names
    .filter(name => amounts?.[name] === undefined)
    .map(name => ({
      found: `no resources.${field}.${name}`,
      message: `Nothing says how much ${name} it ${
        field === 'limits' ? 'may take' : 'needs'
      }.`,
      fix: `Add resources.${field}.${name}, such as ${
        name === 'cpu' ? '50m' : '128Mi'
      }`,
    }));
}

function wrong(field: string, amounts: Amounts): Breach[] {
  return Object.entries(amounts ?? {})
    .filter(([, amount]) => !((parseQuantity(amount) ?? 0) > 0))
    .map(([name, amount]) => ({
      found: `resources.${field}.${name}: ${amount}`,
      message: `"${amount}" is no amount of ${name}.`,
      fix: `Write an amount such as ${name === 'cpu' ? '50m' : '128Mi'}`,
    }));
}

function belowRequest({ container }: Subject): Breach[] {
  const { requests: wanted, limits: allowed } = container.resources ?? {};
  return Object.entries(allowed ?? {}).flatMap(([name, limit]) => {
    const request = wanted?.[name];
    const [least, most] = [parseQuantity(request ?? 0), parseQuantity(limit)];
    return request !== undefined &&
      least !== undefined &&
      most !== undefined &&
      most < least
      ? [
          {
            found: `resources.limits.${name}: ${limit}, requests ${request}`,
            message: `It may take less ${name} than it needs.`,
            fix: `Set resources.limits.${name} to ${request} or more`,
          },
        ]
      : [];
  });
}
