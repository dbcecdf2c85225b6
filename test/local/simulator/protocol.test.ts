import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Simulator } from '#local/simulator/simulator.ts'
import { cell, directoryId } from './support.ts'

const simulator = new Simulator({ rates: false }).seed(cell)

const json = (target: string, body: string) =>
  simulator.answer({
    method: 'POST',
    path: '/',
    query: {},
    headers: { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' },
    body,
  })
const query = (body: string) =>
  simulator.answer({
    method: 'POST',
    path: '/',
    query: {},
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body,
  })
const rest = (method: string, path: string, body: string, parameters: Record<string, string> = {}) =>
  simulator.answer({ method, path, query: parameters, headers: { 'content-type': 'application/json' }, body })
const code = (answer: { headers: Record<string, string>; body: string }) =>
  answer.headers['x-amzn-errortype'] ?? /<Code>(.*)<\/Code>/.exec(answer.body)?.[1]

test('a required member that is missing is refused, also deep in a list', () => {
  expect(code(json('WorkspacesService.CreateWorkspaces', '{}'))).toBe('ValidationException')
  expect(
    code(json('WorkspacesService.CreateWorkspaces', '{"Workspaces":[{"DirectoryId":"d-9567000001","UserName":"x"}]}')),
  ).toBe('ValidationException')
  expect(code(query('Action=CreateSecurityGroup&Version=2016-11-15&GroupName=x'))).toBe('MissingParameter')
  expect(code(rest('POST', '/2015-02-01/mount-targets', '{"FileSystemId":"fs-1"}'))).toBe('ValidationException')
})

test('a member that the service does not have is refused in every protocol', () => {
  expect(code(json('WorkspacesService.DescribeWorkspaces', '{"Colour":"red"}'))).toBe('SerializationException')
  expect(code(query('Action=DescribeVpcs&Version=2016-11-15&Colour=red'))).toBe('UnknownParameter')
  expect(code(query('Action=DescribeVpcs&Version=2016-11-15&Filter.1.Colour=red'))).toBe('UnknownParameter')
  expect(code(rest('POST', '/2015-02-01/file-systems', '{"CreationToken":"x","Colour":"red"}'))).toBe(
    'SerializationException',
  )
  expect(
    code(
      rest('POST', '/Users/CreateUser', `{"DirectoryId":"${directoryId}","SAMAccountName":"x"}`, {
        DirectoryId: directoryId,
      }),
    ),
  ).toBe('SerializationException')
})

test('a value of the wrong type is refused', () => {
  expect(code(json('WorkspacesService.DescribeWorkspaces', '{"Limit":"25"}'))).toBe('SerializationException')
  expect(code(json('WorkspacesService.DescribeWorkspaces', '[]'))).toBe('SerializationException')
  expect(code(json('WorkspacesService.DescribeWorkspaces', '{'))).toBe('SerializationException')
  expect(code(query('Action=DescribeVpcs&Version=2016-11-15&MaxResults=many'))).toBe('InvalidParameterValue')
})

test("what is not implemented has the real service's error", () => {
  expect(code(json('WorkspacesService.RebuildWorkspaces', '{}'))).toBe('UnknownOperationException')
  expect(code(json('Nobody.Nothing', '{}'))).toBe('UnknownOperationException')
  expect(code(query('Action=RunInstances&Version=2016-11-15'))).toBe('InvalidAction')
  expect(code(rest('GET', '/2015-02-01/account-preferences', ''))).toBe('UnknownOperationException')
})

test('names with markup come back as they were given', () => {
  const group = new URLSearchParams({
    Action: 'CreateSecurityGroup',
    Version: '2016-11-15',
    GroupName: 'a&b;c=<d>',
    GroupDescription: 'x',
    VpcId: cell.vpcId!,
  })
  expect(code(query(String(group)))).toBe('InvalidParameterValue')
  const tag = new URLSearchParams({
    Action: 'CreateTags',
    Version: '2016-11-15',
    'ResourceId.1': cell.vpcId!,
    'Tag.1.Key': '<k>&"',
    'Tag.1.Value': '1',
  })
  const made = query(String(tag))
  expect(made.status).toBe(200)
  expect(query('Action=DescribeVpcs&Version=2016-11-15').body).toMatch(/<key>&lt;k&gt;&amp;&quot;<\/key>/)
})

test('hostile requests get an answer, never a crash', () => {
  const targets = [
    'WorkspacesService.CreateWorkspaces',
    'DirectoryService_20150416.ResetUserPassword',
    'TrentService.CreateKey',
    'NetworkFirewall_20201112.StartFlowFlush',
    'ServiceQuotasV20190624.ListServiceQuotas',
  ]
  fc.assert(
    fc.property(fc.constantFrom(...targets), fc.oneof(fc.json(), fc.string()), (target, body) => {
      const { status } = json(target, body)
      assert.ok(status === 200 || (status >= 400 && status < 500), `${status}`)
    }),
    { numRuns: 300 },
  )
  fc.assert(
    fc.property(
      fc.constantFrom('DescribeVpcs', 'CreateSecurityGroup', 'AuthorizeSecurityGroupEgress', 'CreateTags'),
      fc.webQueryParameters(),
      (action, parameters) => {
        assert.ok(query(`Action=${action}&Version=2016-11-15&${parameters}`).status < 500)
      },
    ),
    { numRuns: 300 },
  )
})
