import { Stack } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { RenkeiStackProps } from '#lib/kernel/stack.ts'
import { PurposeKeys } from './keys.ts'
import { replicaVaultName, Vault } from './vault.ts'

/** The vault of the second region, into which every backup is copied (SEC-5). */
export class BackupReplicaStack extends Stack {
  constructor(scope: Construct, id: string, props: RenkeiStackProps) {
    const { config } = props
    const region = config.replicaRegion
    super(scope, id, {
      ...props,
      env: { account: config.accounts.workload, region },
      description: 'Copies of the backups in the second region',
    })
    const keys = new PurposeKeys(this, 'Keys', { config, region, purposes: ['backup'] })
    new Vault(this, 'Vault', { config, key: keys.of('backup'), name: replicaVaultName(config) })
  }
}
