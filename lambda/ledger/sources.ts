import applicationRules from '#policies/application/rules.json' with { type: 'json' }
import { dynamoDb, kms, ssm } from '#lambda/kernel/clients.ts'
import { setting, settingIfGiven } from '#lambda/kernel/configuration.ts'
import type { LedgerPort } from './ledger.ts'
import { published } from './published.ts'
import type { Sources } from './reader.ts'
import type { ViewPort } from './view.ts'

/** The ledger of this environment, as its settings name it. */
export const ledgerPort = (): LedgerPort => ({
  dynamoDb: dynamoDb(),
  kms: kms(),
  table: setting('LEDGER_TABLE'),
  receiptKeyId: setting('RECEIPT_KEY_ID'),
  requests: settingIfGiven('REQUEST_TABLE'),
})

export const viewPort = (): ViewPort => ({ dynamoDb: dynamoDb(), view: setting('VIEW_TABLE') })

/** All that a decision may read, of this environment. */
export const sources = (): Sources => ({
  port: ledgerPort(),
  views: viewPort(),
  published: (kind) => published(ssm(), setting('RENKEI_ENVIRONMENT'), kind),
  policies: { application: applicationRules },
})
