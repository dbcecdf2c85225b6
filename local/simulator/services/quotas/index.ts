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
import { ServiceError } from '#local/simulator/errors.ts'
import { operation, type Service } from '#local/simulator/operation.ts'
import type { World } from '#local/simulator/world.ts'
import { quotaValue } from './lookup.ts'
import { defaultQuotas, type Quota } from './state.ts'
import { paged } from '#local/simulator/paging.ts'

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
  const quota = defaultQuotas.find((each) => each.service === service && each.code === code)
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
        const of = defaultQuotas.filter((quota) => quota.service === input.ServiceCode)
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
