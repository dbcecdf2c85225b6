import { CustomResource, Stack } from 'aws-cdk-lib'
import type { CfnVPC } from 'aws-cdk-lib/aws-ec2'
import type { Construct } from 'constructs'

/**
 * Takes every rule out of a VPC's default security group, which CloudFormation cannot do: whatever is launched without
 * a group reaches nothing. Id and type are those by which cdk-nag knows that it is done; our network provider answers,
 * not a second function of CDK's.
 */
export function closeDefaultSecurityGroup(scope: Construct, vpc: CfnVPC, serviceToken: string): CustomResource {
  return new CustomResource(scope, 'RestrictDefaultSecurityGroupCustomResource', {
    serviceToken,
    resourceType: 'Custom::VpcRestrictDefaultSG',
    properties: { DefaultSecurityGroupId: vpc.attrDefaultSecurityGroup, Account: Stack.of(scope).account },
  })
}
