import type { Seed } from '../simulator/seed.ts'
import type { Fixture } from './context.ts'

/** What the suite finds at the simulator. */
export const simulatorFixture = {
  vpcId: 'vpc-00000000000000001',
  subnetIds: ['subnet-00000000000000001', 'subnet-00000000000000002'],
  directoryId: 'd-9567000001',
  bundleId: 'wsb-renkeilinux1',
  prefixListId: 'pl-00000000000000001',
  firewallArn: 'arn:aws:network-firewall:ap-northeast-1:000000000000:firewall/renkei',
} as const satisfies Fixture

export const simulatorSeed: Seed = {
  vpcId: simulatorFixture.vpcId,
  subnets: [
    { id: simulatorFixture.subnetIds[0], cidr: '172.24.0.0/24', azId: 'apne1-az1' },
    { id: simulatorFixture.subnetIds[1], cidr: '172.24.1.0/24', azId: 'apne1-az4' },
  ],
  prefixLists: [{ id: simulatorFixture.prefixListId, name: 'conformance', cidrs: ['172.20.0.0/28'] }],
  directoryId: simulatorFixture.directoryId,
  directory: { dataAccess: true, registered: true },
  bundles: [{ id: simulatorFixture.bundleId }],
  firewalls: [{ arn: simulatorFixture.firewallArn, admits: [] }],
}
