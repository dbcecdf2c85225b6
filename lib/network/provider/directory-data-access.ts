import { CustomResource, Duration } from 'aws-cdk-lib'
import { Construct } from 'constructs'

/** Whose data is opened, and who does it. */
export interface DirectoryDataAccessProps {
  /** The function that answers: `consume(this, environment, parameterNames.networkProviderArn())`. */
  readonly serviceToken: string
  /** The Managed AD whose users the provisioner makes through Directory Service Data. */
  readonly directoryId: string
}

/**
 * Switches Directory Service Data on for a directory and waits until it answers: CloudFormation has no such setting
 * (docs/aws-behaviour.md, Directory Service and Directory Service Data). Without it the reconciler cannot make a user.
 */
export class DirectoryDataAccess extends Construct {
  /** Id of the directory, available once its data can be reached. */
  readonly directoryId: string

  constructor(scope: Construct, id: string, props: DirectoryDataAccessProps) {
    super(scope, id)
    const resource = new CustomResource(this, 'Resource', {
      serviceToken: props.serviceToken,
      resourceType: 'Custom::RenkeiDirectoryDataAccess',
      serviceTimeout: Duration.minutes(16),
      properties: { DirectoryId: props.directoryId },
    })
    this.directoryId = resource.getAttString('DirectoryId')
  }
}
