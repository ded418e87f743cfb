import { ObjectChange } from '@highroad/plugin-deployments-common';
import { isDeepStrictEqual } from 'node:util';
import {
  describeObject,
  KubernetesObject,
} from '@highroad/plugin-platform-node/manifests';

const LONGEST_VALUE = 200;

/** What differs between two sets of objects, field by field. Order does not count where a list has names. */
export function fieldChanges(
  before: KubernetesObject[],
  after: KubernetesObject[],
): ObjectChange[] {
  const old = new Map(before.map(one => [describeObject(one), one]));
  const fresh = new Map(after.map(one => [describeObject(one), one]));
  const names = [...new Set([...fresh.keys(), ...old.keys()])];
  return names.flatMap((object): ObjectChange[] => {
    const was = old.get(object);
    const is = fresh.get(object);
    if (!was) return [{ object, change: 'added', fields: [] }];
    if (!is) return [{ object, change: 'removed', fields: [] }];
    const fields = changesIn('', was, is);
    return fields.length > 0 ? [{ object, change: 'changed', fields }] : [];
  });
}

function changesIn(
  path: string,
  before: unknown,
  after: unknown,
): ObjectChange['fields'] {
  if (isDeepStrictEqual(before, after)) return [];
  const was = partsOf(before);
  const is = partsOf(after);
  if (!was || !is) {
    return [{ path, before: shown(before), after: shown(after) }];
  }
  return [...new Set([...was.keys(), ...is.keys()])].flatMap(key =>
    changesIn(join(path, key), was.get(key), is.get(key)),
  );
}

/** By key; the items of a list by their names where all have one, else by their places. Nothing for what has no parts. */
function partsOf(value: unknown): Map<string, unknown> | undefined {
  if (Array.isArray(value)) {
    const names = value.map(nameOf);
    const named =
      names.every(name => name !== undefined) &&
      new Set(names).size === names.length;
    return new Map(
      value.map((item: unknown, at) => [
        `[${named ? String(names[at]) : at}]`,
        item,
      ]),
    );
  }
  return isRecord(value) ? new Map(Object.entries(value)) : undefined;
}

function nameOf(item: unknown): string | undefined {
  return isRecord(item) && typeof item.name === 'string'
    ? item.name
    : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function join(path: string, key: string): string {
  if (key.startsWith('[')) return `${path}${key}`;
  // Keys of labels have dots of their own.
  if (/[./]/.test(key)) return `${path}["${key}"]`;
  return path ? `${path}.${key}` : key;
}

function shown(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST_VALUE
    ? `${text.slice(0, LONGEST_VALUE)}…`
    : text;
}
