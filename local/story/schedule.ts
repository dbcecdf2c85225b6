import { InvokeCommand, LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda'
import { moveClock } from '../launcher/clock.ts'

/** Lets the functions believe that it is the morning after `date` (Japan). */
export function moveClockPast(date: string): void {
  moveClock(new Date(`${date}T00:30:00Z`).getTime() + 86_400_000 - Date.now())
}

/** Invokes the sweep with the very event its schedule sends. */
export async function invokeSweep(): Promise<void> {
  const client = new LambdaClient({})
  const { FunctionError, Payload } = await client.send(
    new InvokeCommand({ FunctionName: await sweepName(client), Payload: JSON.stringify({ task: 'deadlines' }) }),
  )
  if (!FunctionError) return
  const text = Buffer.from(Payload ?? []).toString()
  throw new Error(`the sweep failed: ${text.slice(0, 400)}`)
}

async function sweepName(client: LambdaClient): Promise<string> {
  for await (const { Functions = [] } of paginateListFunctions({ client }, {})) {
    const found = Functions.find(({ FunctionName = '' }) => /sweep/i.test(FunctionName))
    if (found) return found.FunctionName!
  }
  throw new Error('the sweep function is not deployed')
}
