import {
  ModifyCertificateBasedAuthProperties$,
  ModifyEndpointEncryptionMode$,
  ModifySamlProperties$,
  ModifySelfservicePermissions$,
  ModifyStreamingProperties$,
  ModifyWorkspaceAccessProperties$,
  ModifyWorkspaceCreationProperties$,
  type ModifyCertificateBasedAuthPropertiesRequest,
  type ModifyEndpointEncryptionModeRequest,
  type ModifySamlPropertiesRequest,
  type ModifySelfservicePermissionsRequest,
  type ModifyStreamingPropertiesRequest,
  type ModifyWorkspaceAccessPropertiesRequest,
  type ModifyWorkspaceCreationPropertiesRequest,
} from '@aws-sdk/client-workspaces'
import { ServiceError } from '#local/simulator/errors.ts'
import { operation } from '#local/simulator/operation.ts'
import type { World } from '#local/simulator/world.ts'
import { invalid, registered } from './lookup.ts'
import type { Registration } from './state.ts'

/** Changes one group of properties of a registered directory. */
function modify(world: World, id: string, change: (directory: Registration) => Partial<Registration>): object {
  const directory = registered(world, id)
  if (directory.State !== 'REGISTERED')
    throw new ServiceError('OperationNotSupportedException', `The directory ${id} is in state ${directory.State}.`)
  world.workspaces.directories.update(id, change(directory))
  return {}
}

/** What a registered directory can be told: each call replaces the members it names (WorkSpaces API reference). */
export const settingsOperations = [
  operation<ModifyWorkspaceCreationPropertiesRequest, object>(
    ModifyWorkspaceCreationProperties$,
    ['ResourceId', 'WorkspaceCreationProperties'],
    (input, world) =>
      modify(world, input.ResourceId, (directory) => {
        const given = input.WorkspaceCreationProperties
        if (given.CustomSecurityGroupId && !world.ec2.groups.get(given.CustomSecurityGroupId))
          throw invalid(`The security group ${given.CustomSecurityGroupId} does not exist.`)
        return { WorkspaceCreationProperties: { ...directory.WorkspaceCreationProperties, ...given } }
      }),
  ),

  operation<ModifySelfservicePermissionsRequest, object>(
    ModifySelfservicePermissions$,
    ['ResourceId', 'SelfservicePermissions'],
    (input, world) =>
      modify(world, input.ResourceId, (directory) => ({
        SelfservicePermissions: { ...directory.SelfservicePermissions, ...input.SelfservicePermissions },
      })),
  ),

  operation<ModifyWorkspaceAccessPropertiesRequest, object>(
    ModifyWorkspaceAccessProperties$,
    ['ResourceId', 'WorkspaceAccessProperties'],
    (input, world) =>
      modify(world, input.ResourceId, (directory) => ({
        WorkspaceAccessProperties: { ...directory.WorkspaceAccessProperties, ...input.WorkspaceAccessProperties },
      })),
  ),

  /** Enabling SAML needs the user access URL: "Set up SAML 2.0 for WorkSpaces Personal". */
  operation<ModifySamlPropertiesRequest, object>(
    ModifySamlProperties$,
    ['ResourceId', 'SamlProperties', 'PropertiesToDelete'],
    (input, world) =>
      modify(world, input.ResourceId, (directory) => {
        const merged = { ...directory.SamlProperties, ...input.SamlProperties }
        if (input.PropertiesToDelete?.includes('SAML_PROPERTIES_USER_ACCESS_URL')) delete merged.UserAccessUrl
        if (input.PropertiesToDelete?.includes('SAML_PROPERTIES_RELAY_STATE_PARAMETER_NAME'))
          merged.RelayStateParameterName = 'RelayState'
        if (merged.Status !== 'DISABLED' && !merged.UserAccessUrl)
          throw invalid('UserAccessUrl is required to enable SAML authentication.')
        return { SamlProperties: merged }
      }),
  ),

  operation<ModifyCertificateBasedAuthPropertiesRequest, object>(
    ModifyCertificateBasedAuthProperties$,
    ['ResourceId', 'CertificateBasedAuthProperties', 'PropertiesToDelete'],
    (input, world) =>
      modify(world, input.ResourceId, (directory) => {
        const merged = { ...directory.CertificateBasedAuthProperties, ...input.CertificateBasedAuthProperties }
        if (input.PropertiesToDelete?.length) delete merged.CertificateAuthorityArn
        if (merged.Status === 'ENABLED' && !merged.CertificateAuthorityArn)
          throw invalid('CertificateAuthorityArn is required to enable certificate-based authentication.')
        return { CertificateBasedAuthProperties: merged }
      }),
  ),

  operation<ModifyStreamingPropertiesRequest, object>(
    ModifyStreamingProperties$,
    ['ResourceId', 'StreamingProperties'],
    (input, world) =>
      modify(world, input.ResourceId, (directory) => ({
        StreamingProperties: { ...directory.StreamingProperties, ...input.StreamingProperties },
      })),
  ),

  operation<ModifyEndpointEncryptionModeRequest, object>(
    ModifyEndpointEncryptionMode$,
    ['DirectoryId', 'EndpointEncryptionMode'],
    (input, world) =>
      modify(world, input.DirectoryId, () => ({ EndpointEncryptionMode: input.EndpointEncryptionMode })),
  ),
]
