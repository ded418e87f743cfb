import {
  actorRefOf,
  RecordFilter,
  serviceRefOf,
} from '@highroad/plugin-audit-common';
import { InputError } from '@backstage/errors';
import { Knex } from 'knex';
import { Visible } from '../access/Visibility';
import { OPEN_INTENTS } from '../database/OpenIntentStore';
import { RECORD_ENVIRONMENTS } from '../database/RecordEnvironmentStore';
import { RecordRow, RECORDS, whereKept } from '../database/RecordStore';
import { whereAboutKey } from './aboutKey';

/** Which records are asked for, and which of them may be seen. */
export interface RecordQuery {
  filter: RecordFilter;
  visible: Visible;
  /** Places between which all of them lie, as far as that is known */
  places?: { from?: number; to?: number };
}

type Builder = Knex.QueryBuilder<RecordRow>;

/** Named in full, since there may be another table beside. */
export const SEQ = `${RECORDS}.seq`;

/**
 * A filter in the words of the columns: times in UTC, references whole and in lower case.
 *
 * @throws InputError for a key without a service: many services have one of the same name
 */
export function normalFilter(filter: RecordFilter): RecordFilter {
  const { since, until, service, actor, key } = filter;
  if (key !== undefined && service === undefined) {
    throw new InputError(
      'key: name the service too, such as service=component:default/cart; many services have a key of the same name.',
    );
  }
  return {
    ...filter,
    ...(since && { since: new Date(since).toISOString() }),
    ...(until && { until: new Date(until).toISOString() }),
    ...(service && { service: serviceRefOf(service) }),
    ...(actor && { actor: actorRefOf(actor, 'program') }),
  };
}

/**
 * What finds all records that are asked for, each once: one question, or two where an environment is asked for. Those that
 * are about several are found by a table beside; both have an index that also gives their order, which one question with
 * "or" would not use.
 */
export function questions(db: Knex, query: RecordQuery): Builder[] {
  const { filter } = query;
  const { environment, ...rest } = filter;
  const own = db<RecordRow>(RECORDS).where(each =>
    whereRecords(db, each, query),
  );
  if (environment === undefined) return [own];
  const further = db<RecordRow>(RECORDS)
    .join(RECORD_ENVIRONMENTS, `${RECORD_ENVIRONMENTS}.seq`, SEQ)
    .where(`${RECORD_ENVIRONMENTS}.environment`, environment)
    // Nothing stands in both, unless somebody put it there.
    .whereNot(each =>
      each
        .where(`${RECORDS}.environment`, environment)
        .whereNotNull(`${RECORDS}.environment`),
    )
    .where(each => whereRecords(db, each, { ...query, filter: rest }));
  return [own, further];
}

/** Narrows a query of records. */
function whereRecords(db: Knex, builder: Builder, query: RecordQuery): void {
  const { filter, visible, places } = query;
  const { since, until, outcome, environment, key, ...equal } = filter;
  if (environment !== undefined) {
    builder.where(`${RECORDS}.environment`, environment);
  }
  whereKept(builder);
  for (const [column, value] of Object.entries(equal)) {
    if (value !== undefined) builder.where(column, value);
  }
  if (key !== undefined) whereAboutKey(db, builder, key);
  if (outcome === 'open') {
    builder.whereIn('id', open => open.select('id').from(OPEN_INTENTS));
  } else if (outcome !== undefined) {
    builder.where({ outcome });
  }
  if (since !== undefined) builder.where('at', '>=', since);
  if (until !== undefined) builder.where('at', '<', until);
  if (places?.from !== undefined) builder.where(SEQ, '>=', places.from);
  if (places?.to !== undefined) builder.where(SEQ, '<=', places.to);
  if (visible !== 'all') builder.where(each => whereVisible(each, visible));
}

/** Each condition is true or false, never unknown, so that its opposite is right too. */
function whereVisible(builder: Builder, visible: Visible): void {
  if (visible === 'all') {
    builder.whereRaw('1 = 1');
  } else if (visible === 'none') {
    builder.whereRaw('1 = 0');
  } else if ('allOf' in visible) {
    builder.whereRaw('1 = 1');
    for (const one of visible.allOf) {
      builder.andWhere(each => whereVisible(each, one));
    }
  } else if ('anyOf' in visible) {
    // Of no conditions none is met; an empty group would be no condition at all. Elsewhere it would keep SQLite from
    // using its indexes.
    if (visible.anyOf.length === 0) builder.whereRaw('1 = 0');
    for (const one of visible.anyOf) {
      builder.orWhere(each => whereVisible(each, one));
    }
  } else if ('not' in visible) {
    builder.whereNot(each => whereVisible(each, visible.not));
  } else {
    builder.whereNotNull(visible.column).whereIn(visible.column, visible.oneOf);
  }
}
