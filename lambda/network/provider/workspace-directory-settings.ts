import {
  ModifyCertificateBasedAuthPropertiesCommand,
  ModifyEndpointEncryptionModeCommand,
  ModifySamlPropertiesCommand,
  ModifySelfservicePermissionsCommand,
  ModifyStreamingPropertiesCommand,
  ModifyWorkspaceAccessPropertiesCommand,
  ModifyWorkspaceCreationPropertiesCommand,
  type WorkSpacesClient,
  type WorkspaceDirectory,
} from '@aws-sdk/client-workspaces'
import * as z from 'zod'

/** CloudFormation hands booleans to a custom resource as text. */
const bool = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')])
const access = z.enum(['ALLOW', 'DENY']).optional()
const permission = z.enum(['ENABLED', 'DISABLED']).optional()

/**
 * The properties of `Custom::RenkeiWorkspaceDirectory`: those of `AWS::WorkSpaces::Directory` that a desktop directory
 * over Managed AD has.
 */
export const directoryProperties = z.strictObject({
  ServiceToken: z.string().optional(),
  ServiceTimeout: z.string().optional(),
  DirectoryId: z.string().regex(/^d-[0-9a-f]{10}$/),
  SubnetIds: z
    .array(z.string().regex(/^subnet-[0-9a-f]+$/))
    .length(2, 'a directory is registered with exactly two subnets'),
  Tags: z.array(z.strictObject({ Key: z.string(), Value: z.string() })).optional(),
  WorkspaceCreationProperties: z.strictObject({
    // Literals: a directory with local administrators or public addresses is refused here too, not only by the
    // construct (VIS-2, NET-4).
    UserEnabledAsLocalAdministrator: bool.refine(
      (value) => !value,
      'nobody is a local administrator (VIS-2): write false',
    ),
    EnableInternetAccess: bool.refine((value) => !value, 'no desktop has a public address (NET-4): write false'),
    EnableMaintenanceMode: bool.optional(),
    DefaultOu: z.string().optional(),
    CustomSecurityGroupId: z
      .string()
      .regex(/^sg-[0-9a-f]+$/)
      .optional(),
    InstanceIamRoleArn: z.string().optional(),
  }),
  SelfservicePermissions: z.strictObject({
    RestartWorkspace: permission,
    IncreaseVolumeSize: permission,
    ChangeComputeType: permission,
    SwitchRunningMode: permission,
    RebuildWorkspace: permission,
  }),
  WorkspaceAccessProperties: z
    .strictObject({
      DeviceTypeWindows: access,
      DeviceTypeOsx: access,
      DeviceTypeWeb: access,
      DeviceTypeIos: access,
      DeviceTypeAndroid: access,
      DeviceTypeChromeOs: access,
      DeviceTypeZeroClient: access,
      DeviceTypeLinux: access,
      DeviceTypeWorkSpacesThinClient: access,
      AccessEndpointConfig: z
        .strictObject({
          AccessEndpoints: z.array(
            z.strictObject({ AccessEndpointType: z.enum(['STREAMING_WSP']), VpcEndpointId: z.string() }),
          ),
          InternetFallbackProtocols: z.array(z.enum(['PCOIP'])).optional(),
        })
        .optional(),
    })
    .optional(),
  SamlProperties: z
    .strictObject({
      Status: z.enum(['DISABLED', 'ENABLED', 'ENABLED_WITH_DIRECTORY_LOGIN_FALLBACK']),
      UserAccessUrl: z.url().optional(),
      RelayStateParameterName: z.string().optional(),
    })
    .default({ Status: 'DISABLED' }),
  CertificateBasedAuthProperties: z
    .strictObject({
      Status: permission,
      CertificateAuthorityArn: z.string().optional(),
    })
    .default({ Status: 'DISABLED' }),
  StreamingProperties: z
    .strictObject({
      StreamingExperiencePreferredProtocol: z.enum(['TCP', 'UDP']).optional(),
      UserSettings: z
        .array(
          z.strictObject({
            Action: z.enum([
              'CLIPBOARD_COPY_FROM_LOCAL_DEVICE',
              'CLIPBOARD_COPY_TO_LOCAL_DEVICE',
              'PRINTING_TO_LOCAL_DEVICE',
              'SMART_CARD',
            ]),
            Permission: z.enum(['ENABLED', 'DISABLED']),
            MaximumLength: z.coerce.number().int().optional(),
          }),
        )
        .optional(),
    })
    .optional(),
  EndpointEncryptionMode: z.enum(['STANDARD_TLS', 'FIPS_VALIDATED']).optional(),
})
export type DirectoryProperties = z.infer<typeof directoryProperties>

/** One setting that is not as wanted, and the call that makes it so. */
export interface Difference {
  readonly setting: keyof WorkspaceDirectory
  readonly apply: (client: WorkSpacesClient) => Promise<unknown>
}

/** What of the wanted settings the described directory does not show yet. */
export function differences(wanted: DirectoryProperties, seen: WorkspaceDirectory): Difference[] {
  const ResourceId = wanted.DirectoryId
  const all: (Difference & { readonly wanted: unknown; readonly unset?: unknown })[] = [
    {
      setting: 'WorkspaceCreationProperties',
      wanted: wanted.WorkspaceCreationProperties,
      apply: (client) =>
        client.send(
          new ModifyWorkspaceCreationPropertiesCommand({
            ResourceId,
            WorkspaceCreationProperties: wanted.WorkspaceCreationProperties,
          }),
        ),
    },
    {
      setting: 'SelfservicePermissions',
      wanted: wanted.SelfservicePermissions,
      apply: (client) =>
        client.send(
          new ModifySelfservicePermissionsCommand({
            ResourceId,
            SelfservicePermissions: wanted.SelfservicePermissions,
          }),
        ),
    },
    {
      setting: 'WorkspaceAccessProperties',
      wanted: wanted.WorkspaceAccessProperties,
      apply: (client) =>
        client.send(
          new ModifyWorkspaceAccessPropertiesCommand({
            ResourceId,
            WorkspaceAccessProperties: wanted.WorkspaceAccessProperties,
          }),
        ),
    },
    {
      setting: 'SamlProperties',
      wanted: wanted.SamlProperties,
      unset: { Status: 'DISABLED' },
      apply: (client) =>
        client.send(new ModifySamlPropertiesCommand({ ResourceId, SamlProperties: wanted.SamlProperties })),
    },
    {
      setting: 'CertificateBasedAuthProperties',
      wanted: wanted.CertificateBasedAuthProperties,
      unset: { Status: 'DISABLED' },
      apply: (client) =>
        client.send(
          new ModifyCertificateBasedAuthPropertiesCommand({
            ResourceId,
            CertificateBasedAuthProperties: wanted.CertificateBasedAuthProperties,
          }),
        ),
    },
    {
      setting: 'StreamingProperties',
      wanted: wanted.StreamingProperties,
      apply: (client) =>
        client.send(
          new ModifyStreamingPropertiesCommand({ ResourceId, StreamingProperties: wanted.StreamingProperties }),
        ),
    },
    {
      setting: 'EndpointEncryptionMode',
      wanted: wanted.EndpointEncryptionMode,
      unset: 'STANDARD_TLS',
      apply: (client) =>
        client.send(
          new ModifyEndpointEncryptionModeCommand({
            DirectoryId: ResourceId,
            EndpointEncryptionMode: wanted.EndpointEncryptionMode!,
          }),
        ),
    },
  ]
  return all.filter(({ setting, wanted: value, unset }) => !covers(seen[setting] ?? unset, value))
}

/**
 * Whether everything that is wanted is so; what the service has besides is its own. Lists of objects are compared
 * without order.
 */
function covers(seen: unknown, wanted: unknown): boolean {
  if (wanted === undefined) return true
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(seen) &&
      seen.length === wanted.length &&
      wanted.every((item) => seen.some((other) => covers(other, item)))
    )
  }
  if (typeof wanted === 'object' && wanted !== null) {
    return (
      typeof seen === 'object' &&
      seen !== null &&
      Object.entries(wanted).every(([name, value]) => covers((seen as Record<string, unknown>)[name], value))
    )
  }
  return seen === wanted
}
