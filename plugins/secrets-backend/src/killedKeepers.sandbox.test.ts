import { describeKilled } from './__testUtils__/describeKilled';
import { MortalPlace } from './__testUtils__/MortalPlace';
import { PortalProcess } from './__testUtils__/PortalProcess';
import { until } from './__testUtils__/SandboxWorld';
import { policyPrefix } from './drivers/vault/policyNames';
import { workloadPolicy } from './drivers/vault/ServicePolicies';
import { roleName } from './drivers/vault/WorkloadRoles';

jest.setTimeout(60 * 60_000);

const [SHOP, BANK] = ['group:default/shop', 'group:default/bank'];
/** Has secrets too, and nothing becomes of it. */
const OTHER = 'other';

/** What has to be there for services of a place, with whom they belong to; and nothing else. */
function wanted(
  { name, vault, at }: MortalPlace,
  owners: { ours?: string; other: string },
) {
  const { mount } = vault;
  const prefix = policyPrefix(mount);
  const of = (service: string, owner: string) => [
    `${prefix}${service}.owners`,
    workloadPolicy(
      { service: `component:default/${service}`, environment: 'staging' },
      mount,
    ),
    `${prefix}${owner.replace('/', ':')}.owned`,
  ];
  const { ours, other } = owners;
  const policies = [...of(OTHER, other), ...(ours ? of(name, ours) : [])];
  return {
    policies: [...new Set(policies)].sort(),
    // The other one runs nowhere.
    roles: ours ? [roleName(at, mount)] : [],
  };
}

describeKilled(
  'a backend that is killed at any call while it keeps policies and roles',
  [],
  sweep => {
    const written = (place: MortalPlace, owner: string) =>
      place.setServices([
        { name: OTHER, owner: SHOP },
        { name: place.name, owner },
      ]);
    const writeOthers = ({ vault }: MortalPlace) =>
      vault.request('POST', `${vault.mount}/data/staging/${OTHER}/KEY`, {
        data: { value: 'of the other one' },
      });
    /** Waits until there is what should be, and nothing else. */
    const stands =
      (owners: (place: MortalPlace) => { ours?: string; other: string }) =>
      async (portal: PortalProcess, place: MortalPlace) => {
        await until(async () => {
          if (portal.isDead) throw new Error('It is dead.');
          const kept = await place.kept();
          const right = wanted(place, owners(place));
          return JSON.stringify(kept) === JSON.stringify(right);
        });
      };
    const policy = async (place: MortalPlace, owner: string) => {
      const { mount, request } = place.vault;
      const name = `${policyPrefix(mount)}${owner.replace('/', ':')}.owned`;
      return JSON.stringify(await request('GET', `sys/policies/acl/${name}`));
    };
    const none = stands(() => ({ other: SHOP }));
    const ofShop = stands(() => ({ ours: SHOP, other: SHOP }));
    const ofBank = stands(() => ({ ours: BANK, other: SHOP }));

    it('of a service that is new leaves those of it and its owner, and the role of its programs', () =>
      sweep({
        ...{ keeps: true, about: 12 },
        async prepare(portal, place) {
          await written(place, SHOP);
          await writeOthers(place);
          await none(portal, place);
        },
        async change(portal, place) {
          await place.writeToVault('first');
          await ofShop(portal, place);
        },
        settled: async () => {},
        async check(place) {
          expect(await place.kept()).toEqual(
            wanted(place, { ours: SHOP, other: SHOP }),
          );
        },
      }));

    it('of a service that gets another owner leaves the new one what the old one had, and nothing to that', () =>
      sweep({
        ...{ keeps: true, about: 12 },
        async prepare(portal, place) {
          await written(place, SHOP);
          await writeOthers(place);
          await place.writeToVault('first');
          await ofShop(portal, place);
          expect(await policy(place, SHOP)).toContain(place.name);
        },
        async change(portal, place) {
          await written(place, BANK);
          await ofBank(portal, place);
          await until(
            async () => !(await policy(place, SHOP)).includes(place.name),
          );
        },
        settled: async () => {},
        async check(place) {
          expect(await policy(place, BANK)).toContain(place.name);
          expect(await policy(place, BANK)).not.toContain(OTHER);
          expect(await policy(place, SHOP)).toContain(OTHER);
        },
      }));

    it('of a service that is gone leaves nothing but what others have', () =>
      sweep({
        ...{ keeps: true, about: 12 },
        async prepare(portal, place) {
          await written(place, BANK);
          await writeOthers(place);
          await place.writeToVault('first');
          await ofBank(portal, place);
        },
        async change(portal, place) {
          await place.setServices([{ name: OTHER, owner: SHOP }]);
          await none(portal, place);
        },
        settled: async () => {},
        async check(place) {
          expect(await place.kept()).toEqual(wanted(place, { other: SHOP }));
        },
      }));
  },
);
