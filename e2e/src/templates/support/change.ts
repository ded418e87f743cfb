import { Document } from 'yaml';

type Path = Array<string | number>;

/** A copy of plain data in which one value is set, or taken away where it becomes undefined. */
export function withValue(data: unknown, path: Path, value: unknown): unknown {
  const document = new Document(data);
  if (value === undefined) {
    if (!document.deleteIn(path)) throw new Error(`There is no ${path}`);
  } else {
    document.setIn(path, document.createNode(value));
  }
  return document.toJS();
}
