import {
  GetAWSDefaultServiceQuota$,
  GetServiceQuota$,
  ListServiceQuotas$,
  type GetServiceQuotaRequest,
  type GetServiceQuotaResponse,
  type ListServiceQuotasRequest,
  type ListServiceQuotasResponse,
  type ServiceQuota,
} from '@aws-sdk/client-service-quotas'
import { ServiceError } from '../errors.ts'
import { operation, type Service } from '../operation.ts'
import type { World } from '../world.ts'
import { paged } from './ec2/filters.ts'

interface Quota {
  readonly service: string
  readonly code: string
  readonly name: string
  readonly value: number
  readonly adjustable: boolean
}

/** AWS's defaults. Source: the "endpoints and quotas" page of each service in the AWS General Reference. */
const defaults: readonly Quota[] = [
  { service: 'workspaces', code: 'L-34278094', name: 'WorkSpaces', value: 1, adjustable: true },
  { service: 'vpc', code: 'L-E79EC296', name: 'VPC security groups per Region', value: 2_500, adjustable: true },
  {
    service: 'vpc',
    code: 'L-0EA8095F',
    name: 'Inbound or outbound rules per security group',
    value: 60,
    adjustable: true,
  },
  { service: 'vpc', code: 'L-2AFB9258', name: 'Security groups per network interface', value: 5, adjustable: true },
  { service: 'vpc', code: 'L-DF5E4CA3', name: 'Network interfaces per Region', value: 5_000, adjustable: true },
  {
    service: 'elasticfilesystem',
    code: 'L-848C634D',
    name: 'File systems per account',
    value: 1_000,
    adjustable: true,
  },
]

/** Quotas raised in a new simulated account: a real one starts with 1 WorkSpace. */
export const raisedQuotas: readonly (readonly [key: string, value: number])[] = [['workspaces/L-34278094', 1_000]]

export function quotaValue(world: World, service: string, code: string): number {
  return (
    world.quotas.get(`${service}/${code}`) ??
    defaults.find((quota) => quota.service === service && quota.code === code)?.value ??
    Infinity
  )
}

export function setQuota(world: World, service: string, code: string, value: number): void {
  if (!defaults.some((quota) => quota.service === service && quota.code === code))
    throw new Error(
      `the simulator knows no quota ${service}/${code}: add it to local/simulator/services/quotas.ts with its source`,
    )
  world.quotas.set(`${service}/${code}`, value)
}

function describe(world: World, quota: Quota, value: number): ServiceQuota {
  return {
    ServiceCode: quota.service,
    QuotaCode: quota.code,
    QuotaName: quota.name,
    QuotaArn: world.arn('servicequotas', `${quota.service}/${quota.code}`),
    Value: value,
    Unit: 'None',
    Adjustable: quota.adjustable,
    GlobalQuota: false,
  }
}

function known(service: string, code: string): Quota {
  const quota = defaults.find((each) => each.service === service && each.code === code)
  if (!quota)
    throw new ServiceError(
      'NoSuchResourceException',
      `The request failed because the specified service quota ${service}/${code} does not exist.`,
    )
  return quota
}

/**
 * ListServiceQuotas lists applied values, GetAWSDefaultServiceQuota the default.
 * Source: Service Quotas API reference, https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/
 */
export const serviceQuotas: Service = {
  id: 'service-quotas',
  protocol: 'aws-json',
  target: 'ServiceQuotasV20190624',
  jsonVersion: '1.1',
  throttleCode: 'TooManyRequestsException',
  throttleStatus: 400,
  faultCode: 'ServiceException',
  operations: [
    operation<ListServiceQuotasRequest, ListServiceQuotasResponse>(
      ListServiceQuotas$,
      ['ServiceCode', 'NextToken', 'MaxResults'],
      (input, world) => {
        const of = defaults.filter((quota) => quota.service === input.ServiceCode)
        if (of.length === 0)
          throw new ServiceError(
            'NoSuchResourceException',
            `The request failed because the specified service ${input.ServiceCode} does not exist.`,
          )
        const page = paged(of, input.NextToken, input.MaxResults, 100, 'InvalidPaginationTokenException')
        return {
          Quotas: page.items.map((quota) => describe(world, quota, quotaValue(world, quota.service, quota.code))),
          NextToken: page.NextToken,
        }
      },
    ),
    operation<GetServiceQuotaRequest, GetServiceQuotaResponse>(
      GetServiceQuota$,
      ['ServiceCode', 'QuotaCode'],
      ({ ServiceCode, QuotaCode }, world) => {
        return { Quota: describe(world, known(ServiceCode, QuotaCode), quotaValue(world, ServiceCode, QuotaCode)) }
      },
    ),
    operation<GetServiceQuotaRequest, GetServiceQuotaResponse>(
      GetAWSDefaultServiceQuota$,
      ['ServiceCode', 'QuotaCode'],
      ({ ServiceCode, QuotaCode }, world) => {
        const quota = known(ServiceCode, QuotaCode)
        return { Quota: describe(world, quota, quota.value) }
      },
    ),
  ],
}
