import type { Mutation } from './mutation.ts'
import { CELL, vpcOf } from './weaken.ts'

/** What the model does not know must fail the proof. */
export const unknown: readonly Mutation[] = [
  {
    name: 'a resource type nobody thought of',
    change: (templates) => templates.add('hub', 'Unknown', 'AWS::EC2::TransitGatewayPeeringAttachment', {}),
    breaks: ['model'],
    shows: { verdict: 'model', from: /hub\/Unknown/, to: /^$/, word: /not in the model/ },
  },
  {
    name: 'a property nobody thought of',
    change: (templates) => {
      templates.properties(CELL, 'AWS::EC2::VPC')['Ipv4NetmaskLength'] = 16
    },
    breaks: ['model'],
    shows: { verdict: 'model', from: /Ipv4NetmaskLength/, to: /^$/ },
  },
  {
    name: 'IPv6',
    change: (templates) =>
      templates.add(CELL, 'V6', 'AWS::EC2::VPCCidrBlock', {
        VpcId: vpcOf(templates),
        AmazonProvidedIpv6CidrBlock: true,
      }),
    breaks: ['model'],
    shows: { verdict: 'model', from: /V6/, to: /^$/ },
  },
  {
    name: 'a function in a VPC',
    change: (templates) => {
      Object.values(templates.template('control').Resources).find(
        ({ Type }) => Type === 'AWS::Lambda::Function',
      ).Properties.VpcConfig = { SubnetIds: ['subnet-1'] }
    },
    breaks: ['model'],
    shows: { verdict: 'model', from: /VpcConfig/, to: /^$/ },
  },
  {
    name: 'a custom resource nobody modelled',
    change: (templates) => templates.add(CELL, 'Strange', 'Custom::Strange', {}),
    breaks: ['model'],
    shows: { verdict: 'model', from: /Strange/, to: /^$/ },
  },
  {
    name: 'a value that no stack publishes',
    change: (templates) => templates.remove('hub', 'AWS::SSM::Parameter', 'firewallattachment'),
    breaks: ['complete', 'model'],
    shows: { verdict: 'model', from: /DatabasesToFirewall/, to: /^$/, word: /firewall-attachment/ },
  },
]
