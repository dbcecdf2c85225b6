import { CfnConfigurationRecorder, CfnDeliveryChannel } from 'aws-cdk-lib/aws-config'
import { CfnDetector } from 'aws-cdk-lib/aws-guardduty'
import { CfnServiceLinkedRole } from 'aws-cdk-lib/aws-iam'
import { CfnHub, CfnStandard } from 'aws-cdk-lib/aws-securityhub'
import { Construct } from 'constructs'
import { archiveWriters } from '../archive/names.ts'
import type { Config } from '#lib/kernel/config/load.ts'

/** What the three services are given. */
export interface SecurityServicesProps {
  /** The parsed configuration. */
  readonly config: Config
  /** Name of the bucket to which AWS Config delivers. */
  readonly configBucket: string
  /** Encrypts what it delivers. */
  readonly logKeyArn: string
}

/** The role that `CfnServiceLinkedRole` makes; CloudFormation does not return its ARN. */
const CONFIG_ROLE = 'aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig'

const standards = ['aws-foundational-security-best-practices/v/1.0.0', 'nist-800-53/v/5.0.0'] as const

/**
 * GuardDuty, Security Hub and AWS Config. Each exists once per account and region: made here only where the
 * configuration says `securityServices: create`; docs/runbooks/existing-security-services.md says what is assumed of
 * existing ones.
 */
export class SecurityServices extends Construct {
  constructor(scope: Construct, id: string, props: SecurityServicesProps) {
    super(scope, id)
    const { config } = props
    new CfnDetector(this, 'GuardDuty', {
      enable: true,
      findingPublishingFrequency: 'FIFTEEN_MINUTES',
      features: [
        { name: 'S3_DATA_EVENTS', status: 'ENABLED' },
        { name: 'LAMBDA_NETWORK_LOGS', status: 'ENABLED' },
        { name: 'EBS_MALWARE_PROTECTION', status: 'ENABLED' },
      ],
    })

    // Security Hub's own control Config.1 asks for the service-linked role.
    const role = new CfnServiceLinkedRole(this, 'ConfigRole', { awsServiceName: 'config.amazonaws.com' })
    const recorder = new CfnConfigurationRecorder(this, 'Recorder', {
      roleArn: `arn:aws:iam::${config.accounts.workload}:role/${CONFIG_ROLE}`,
      recordingGroup: { allSupported: true, includeGlobalResourceTypes: true },
      recordingMode: { recordingFrequency: 'CONTINUOUS' },
    })
    recorder.addResourceDependency(role)
    // Recorder and channel wait for each other by themselves; a dependency between them would never end.
    new CfnDeliveryChannel(this, 'Channel', {
      s3BucketName: props.configBucket,
      s3KeyPrefix: archiveWriters.config.prefix.slice(0, -1),
      s3KmsKeyArn: props.logKeyArn,
      configSnapshotDeliveryProperties: { deliveryFrequency: 'TwentyFour_Hours' },
    })

    const hub = new CfnHub(this, 'SecurityHub', {
      enableDefaultStandards: false,
      autoEnableControls: true,
      controlFindingGenerator: 'SECURITY_CONTROL',
    })
    // Its controls are AWS Config rules.
    hub.addResourceDependency(recorder)
    for (const standard of standards) {
      new CfnStandard(this, standard.split('/')[0]!, {
        standardsArn: `arn:aws:securityhub:${config.region}::standards/${standard}`,
      }).addResourceDependency(hub)
    }
  }
}
