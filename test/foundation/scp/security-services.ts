import { account, archive, deployment, type RefusedCall } from './call.ts'

/** What `policies/foundation/scp/security-services.json` refuses: the watch over the accounts, logs and backups. */
export const securityServices: readonly RefusedCall[] = [
  {
    requirement: 'LOG-1',
    posture: 'nobody stops the trail, a deployment neither',
    statement: 'NobodyStopsTheWatch',
    call: {
      action: 'cloudtrail:StopLogging',
      resource: `arn:aws:cloudtrail:ap-northeast-1:${account}:trail/renkei-production`,
      by: deployment,
    },
  },
  {
    requirement: 'LOG-4',
    posture: 'nobody deletes the detector',
    statement: 'NobodyStopsTheWatch',
    call: {
      action: 'guardduty:DeleteDetector',
      resource: `arn:aws:guardduty:ap-northeast-1:${account}:detector/x`,
      by: deployment,
    },
  },
  {
    requirement: 'LOG-4',
    posture: 'nobody stops the recorder',
    statement: 'NobodyStopsTheWatch',
    call: { action: 'config:StopConfigurationRecorder', resource: '*', by: deployment },
  },
  {
    requirement: 'LOG-4',
    posture: 'nobody disables Security Hub',
    statement: 'NobodyStopsTheWatch',
    call: {
      action: 'securityhub:DisableSecurityHub',
      by: deployment,
      resource: `arn:aws:securityhub:ap-northeast-1:${account}:hub/default`,
    },
  },
  {
    requirement: 'LOG-1',
    posture: "an operator cannot narrow the trail's events",
    statement: 'OnlyDeploymentsChangeTheWatch',
    call: {
      action: 'cloudtrail:PutEventSelectors',
      resource: `arn:aws:cloudtrail:ap-northeast-1:${account}:trail/renkei-production`,
    },
  },
  {
    requirement: 'LOG-4',
    posture: 'an operator cannot mute a detection rule',
    statement: 'OnlyDeploymentsChangeTheWatch',
    call: { action: 'events:DisableRule', resource: `arn:aws:events:ap-northeast-1:${account}:rule/x` },
  },
  {
    requirement: 'LOG-3',
    posture: 'an operator cannot cut the log export',
    statement: 'OnlyDeploymentsChangeTheWatch',
    call: { action: 'logs:DeleteAccountPolicy', resource: '*' },
  },
  {
    requirement: 'LOG-3',
    posture: 'an operator cannot delete a log group',
    statement: 'NobodyRemovesLogs',
    call: { action: 'logs:DeleteLogGroup', resource: `arn:aws:logs:ap-northeast-1:${account}:log-group:x` },
  },
  {
    requirement: 'LOG-3',
    posture: 'nobody deletes from the archive, a deployment neither',
    statement: 'ArchiveStaysLocked',
    call: { action: 's3:DeleteObjectVersion', resource: `${archive}/ledger/x/1.json`, by: deployment },
  },
  {
    requirement: 'LOG-3',
    posture: "an operator cannot stop the archive's replication",
    statement: 'OnlyDeploymentsChangeTheArchive',
    call: { action: 's3:PutBucketVersioning', resource: archive },
  },
  {
    requirement: 'SEC-5',
    posture: 'nobody deletes a backup',
    statement: 'NobodyStopsTheWatch',
    call: {
      action: 'backup:DeleteRecoveryPoint',
      resource: `arn:aws:backup:ap-northeast-1:${account}:recovery-point:x`,
      by: deployment,
    },
  },
]
