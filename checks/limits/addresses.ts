import { resourcesOf } from '../template.ts'
import { contains, overlaps, rangeOf } from '#lib/kernel/config/addresses.ts'
import type { LimitRule } from './limit.ts'

/** Routes in one VPC route table. */
const routesPerTable: LimitRule = (stacks, limits) =>
  stacks.flatMap((stack) => {
    const counts = new Map<string, number>()
    for (const { properties } of resourcesOf(stack.template, 'AWS::EC2::Route')) {
      const table = JSON.stringify(properties['RouteTableId'])
      counts.set(table, (counts.get(table) ?? 0) + 1)
    }
    const most = limits.number('routes-per-table')
    return [...counts]
      .filter(([, count]) => count > most)
      .map(([table, count]) =>
        limits.exceeded(
          'routes-per-table',
          stack,
          (JSON.parse(table) as { Ref?: string }).Ref,
          `the route table holds ${count} routes, AWS takes ${most}`,
          'route one block that holds the single networks',
        ),
      )
  })

/** Routes and VPC ranges must leave the WorkSpaces management network and 10.0.0.0/8 as a whole alone. */
const workspacesRanges: LimitRule = (stacks, limits) =>
  stacks.flatMap((stack) =>
    [
      ...resourcesOf(stack.template, 'AWS::EC2::Route', 'AWS::EC2::TransitGatewayRoute').map(
        ({ logicalId, properties }) => ({ logicalId, range: properties['DestinationCidrBlock'] }),
      ),
      ...resourcesOf(stack.template, 'AWS::EC2::VPC', 'AWS::EC2::VPCCidrBlock').map(({ logicalId, properties }) => ({
        logicalId,
        range: properties['CidrBlock'],
      })),
    ].flatMap(({ logicalId, range }) => {
      if (typeof range !== 'string') return []
      return [
        ...limits
          .list('route-over-management-network')
          .filter((reserved) => overlaps(rangeOf(range), rangeOf(reserved)))
          .map((reserved) =>
            limits.exceeded(
              'route-over-management-network',
              stack,
              logicalId,
              `${range} touches ${reserved}, the WorkSpaces management network`,
              'choose a private range outside it',
            ),
          ),
        ...limits
          .list('route-ten-wide')
          .filter((wide) => contains(rangeOf(range), rangeOf(wide)))
          .map((wide) =>
            limits.exceeded(
              'route-ten-wide',
              stack,
              logicalId,
              `${range} covers the whole of ${wide}`,
              'route only the networks that exist',
            ),
          ),
      ]
    }),
  )

/** What routes and ranges may be. */
export const addressRules: readonly LimitRule[] = [routesPerTable, workspacesRanges]
