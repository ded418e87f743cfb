import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';
import { allFacts, deployed, ledgerOn, migrate } from '../__testUtils__/ledger';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

it.each(databases.eachSupportedId())(
  'go back step by step and forward again, after which all is computed anew by itself, on %s',
  async databaseId => {
    const db = await databases.init(databaseId);
    try {
      await migrate(db);
      const { intake, compute } = ledgerOn(db);
      await intake.take(
        [1, 2].map(day => deployed(`d${day}`, `2026-06-0${day}T12:00:00Z`)),
        { source: '/test' },
      );
      await compute();
      const before = await allFacts(db);
      const directory = resolvePackagePath(
        '@highroad/plugin-metrics-backend',
        'migrations',
      );
      // The first makes the ledger, which is never thrown away.
      for (;;) {
        const [done] = await db.migrate.list({ directory });
        if (done.length <= 1) break;
        await db.migrate.down({ directory });
      }
      await migrate(db);
      await compute();
      expect(await allFacts(db)).toEqual(before);
    } finally {
      await db.destroy();
    }
  },
);
