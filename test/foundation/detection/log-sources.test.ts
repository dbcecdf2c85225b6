import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import { demoAssembly, productionAssembly, resourcesOf } from '#test/support/assembly.ts'
import { matches } from './event-pattern.ts'
import { expectThat } from '#test/support/expect.ts'

const both = () => [demoAssembly(), productionAssembly()]
const count = (assembly: ReturnType<typeof demoAssembly>, type: string) =>
  assembly.stacks.flatMap((stack) => resourcesOf(assembly.template(stack), type))

test('[LOG-1] every log group of every stack is taken to the archive by one subscription, but two', () => {
  for (const assembly of both()) {
    const detection = assembly.template('detection')
    const [, subscription] = resourcesOf(detection, 'AWS::Logs::AccountPolicy')[0]!
    expect(subscription.Properties['Scope']).toBe('ALL')
    const left = JSON.stringify(subscription.Properties['SelectionCriteria'])
    const excepted = resourcesOf(detection, 'AWS::Logs::LogGroup')
      .filter(([id]) => left.includes(`"${id}"`))
      .map(([id]) => id)
    expectThat(excepted.length, excepted.join()).toBe(2)
    assert.ok(excepted.some((id) => id.startsWith('Trail')) && excepted.some((id) => id.startsWith('LogExportErrors')))
    // The subscription is of one account and region: a group elsewhere would reach nothing.
    for (const stack of ['archive', 'archive-replica', 'backup-replica'])
      expectThat(resourcesOf(assembly.template(stack), 'AWS::Logs::LogGroup').length, stack).toBe(0)
    for (const [id, { Properties }] of count(assembly, 'AWS::Logs::LogGroup')) {
      assert.ok(Properties['KmsKeyId'], id)
      assert.ok(Properties['RetentionInDays'] >= 365, id)
    }
  }
})

test('[LOG-1] sign-ins are kept: to the control plane with their result, to desktops by their event', () => {
  for (const assembly of both()) {
    const [[, delivery]] = count(assembly, 'AWS::Cognito::LogDeliveryConfiguration') as [[string, any]]
    expect(
      delivery.Properties.LogConfigurations.map(({ EventSource, LogLevel }: any) => [EventSource, LogLevel]),
    ).toEqual([['userAuthEvents', 'INFO']])
    const detection = assembly.template('detection')
    const [, rule] = resourcesOf(detection, 'AWS::Events::Rule').find(([id]) => id.startsWith('DesktopSignIns'))!
    // The event as the WorkSpaces administration guide shows it.
    const event = {
      version: '0',
      source: 'aws.workspaces',
      'detail-type': 'WorkSpaces Access',
      region: 'ap-northeast-1',
      detail: {
        clientIpAddress: '192.0.2.3',
        actionType: 'successfulLogin',
        workspacesClientProductName: 'WorkSpaces Desktop client',
        loginTime: '2026-11-22T00:00:00.000Z',
        clientPlatform: 'Windows',
        directoryId: 'd-1',
        workspaceId: 'ws-1',
      },
    }
    assert.ok(matches(rule.Properties['EventPattern'], event))
    expect(JSON.stringify(rule.Properties['Targets'])).toMatch(/log-group:/)
    const policy = resourcesOf(detection, 'AWS::Logs::ResourcePolicy').find(([id]) => id.startsWith('DesktopSignIns'))
    expect(JSON.stringify(policy)).toMatch(/events\.amazonaws\.com/)
    expect(JSON.stringify(policy)).toMatch(/aws:SourceAccount/)
  }
})

test('[LOG-1] each network, each link, each firewall and each call has its log', () => {
  for (const assembly of both()) {
    const flowLogged = count(assembly, 'AWS::EC2::FlowLog').map(([, { Properties }]) => Properties['ResourceType'])
    expect(flowLogged.filter((type) => type === 'VPC').length).toBe(count(assembly, 'AWS::EC2::VPC').length)
    expect(flowLogged.filter((type) => type === 'TransitGateway').length).toBe(
      count(assembly, 'AWS::EC2::TransitGateway').length,
    )
    const [[, firewall]] = count(assembly, 'AWS::NetworkFirewall::LoggingConfiguration') as [[string, any]]
    expect(
      firewall.Properties.LoggingConfiguration.LogDestinationConfigs.map(({ LogType }: any) => LogType).sort(),
    ).toEqual(['ALERT', 'FLOW'])
    expect(count(assembly, 'AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation').length).toBe(
      assembly.stacks.filter((stack) => stack.startsWith('visiting-')).length,
    )
    for (const [id, { Properties }] of count(assembly, 'AWS::EC2::VPNConnection')) {
      for (const tunnel of Properties['VpnTunnelOptionsSpecifications'])
        expectThat(tunnel.LogOptions.CloudwatchLogOptions.LogEnabled, id).toBe(true)
    }
    expect(count(assembly, 'AWS::WAFv2::LoggingConfiguration').length).toBe(
      count(assembly, 'AWS::WAFv2::WebACL').length,
    )
    for (const [id, { Properties }] of count(assembly, 'AWS::ApiGateway::Stage'))
      assert.ok(Properties['AccessLogSetting'].DestinationArn, id)
    for (const [id, { Properties }] of count(assembly, 'AWS::Lambda::Function'))
      assert.ok(Properties['LoggingConfig'].LogGroup, id)
  }
})
