import { CfnDeletionPolicy, Fn } from 'aws-cdk-lib'
import { CfnMicrosoftAD } from 'aws-cdk-lib/aws-directoryservice'
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager'
import { Construct } from 'constructs'
import type { Config } from '#lib/kernel/config/load.ts'
import type { Cell } from '#lib/kernel/config/schema.ts'
import { DirectoryDataAccess } from '../provider/directory-data-access.ts'
import { MembersGroupEgress } from '../provider/members-group-egress.ts'
import { WorkspaceDirectory } from '../provider/workspace-directory.ts'
import { consume, parameterNames, publish } from '#lib/kernel/parameters.ts'
import { zoneRange } from '../address-plan.ts'

/** What the directory of a cell is given. */
export interface CellDirectoryProps {
  /** The parsed configuration: edition and sign-in. */
  readonly config: Config
  /** Names the domain. */
  readonly cell: Cell
  /** Where the controllers stand. */
  readonly vpcId: string
  /** Where the two controllers stand, one in each zone. */
  readonly directorySubnetIds: [string, string]
  /** Where desktops of the directory will stand, one in each zone. */
  readonly desktopSubnetIds: [string, string]
  /** The network provider. */
  readonly serviceToken: string
}

/**
 * The domain of a cell's directory: below `.internal`, which ICANN keeps for private use, so that no query for it can
 * be answered outside.
 */
export const directoryDomain = ({ environment }: Pick<Config, 'environment'>, { id }: Pick<Cell, 'id'>) =>
  `cell${id}.${environment}.renkei.internal`

/**
 * The users of a cell, and the place where its desktops are registered. Order is safety here: the directory is made,
 * registered, its members' group narrowed, its data opened; only then is its id published, and without the id nobody
 * can make a desktop (C-2: a desktop made earlier would carry a group that allows all egress).
 */
export class CellDirectory extends Construct {
  /** The controllers' two addresses: a list that CloudFormation resolves. */
  readonly controllers: string[]

  constructor(scope: Construct, id: string, props: CellDirectoryProps) {
    super(scope, id)
    const { config, cell, serviceToken } = props
    const domain = directoryDomain(config, cell)
    const directory = this.managedAd(props, domain)
    this.controllers = directory.attrDnsIpAddresses
    const registered = new WorkspaceDirectory(this, 'Registration', {
      serviceToken,
      directoryId: directory.ref,
      subnetIds: props.desktopSubnetIds,
      ...(config.identityProvider && {
        samlProperties: {
          status: 'ENABLED',
          userAccessUrl: new URL('/', config.identityProvider.metadataUrl).href,
          relayStateParameterName: 'RelayState',
        },
      }),
    })
    const members = new MembersGroupEgress(this, 'MembersGroup', {
      serviceToken,
      securityGroupId: registered.membersSecurityGroupId,
      directoryCidrs: [zoneRange(cell, 'directory').cidr],
    })
    const data = new DirectoryDataAccess(this, 'DataAccess', { serviceToken, directoryId: directory.ref })
    const ready = new Construct(this, 'Ready')
    publish(ready, config.environment, parameterNames.cellDirectoryId(cell.id), registered.directoryId)
    publish(ready, config.environment, parameterNames.cellDirectoryDomain(cell.id), domain)
    ready.node.addDependency(members, data)
    publish(this, config.environment, parameterNames.cellMembersGroupId(cell.id), members.securityGroupId)
  }

  private managedAd({ config, cell, vpcId, directorySubnetIds }: CellDirectoryProps, domain: string): CfnMicrosoftAD {
    const password = new CfnSecret(this, 'AdminPassword', {
      description: `First password of Admin of ${domain}; the directory is made with it once`,
      kmsKeyId: consume(this, config.environment, parameterNames.keyArn('secrets')),
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ username: 'Admin' }),
        generateStringKey: 'password',
        passwordLength: 32,
        requireEachIncludedType: true,
        // Characters that a shell, JSON or a directory tool would read as something else.
        excludeCharacters: '"\'`\\@/ $',
      },
    })
    const directory = new CfnMicrosoftAD(this, 'ManagedAd', {
      name: domain,
      shortName: `CELL${cell.id}`,
      password: Fn.join('', ['{{resolve:secretsmanager:', password.ref, ':SecretString:password}}']),
      // Standard is meant for up to 5,000 users (Directory Service administration guide).
      edition: config.production ? 'Enterprise' : 'Standard',
      enableSso: false,
      createAlias: false,
      vpcSettings: { vpcId, subnetIds: directorySubnetIds },
    })
    // Almost every property replaces the directory, and with it every user: an old one is kept for a person to remove
    // (C-11).
    for (const resource of [password, directory]) {
      resource.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN
      resource.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN
    }
    return directory
  }
}
