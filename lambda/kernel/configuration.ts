/** What a function was given at deploy time. A missing value is a fault of the stack, found at the first call. */
export function setting(name: SettingName): string {
  const value = process.env[name]
  if (value === undefined || value === '')
    throw new Error(`the environment variable ${name} is not set; the control stack sets it`)
  return value
}

/** The same where a function may do without it. */
export const settingIfGiven = (name: SettingName): string | undefined => process.env[name] || undefined

type SettingName =
  | 'RENKEI_ENVIRONMENT'
  | 'LEDGER_TABLE'
  | 'VIEW_TABLE'
  /** given to the function that is sent commands */
  | 'REQUEST_TABLE'
  /** ARN of the key that signs receipts */
  | 'RECEIPT_KEY_ID'
  | 'ARCHIVE_BUCKET'
  | 'RECONCILE_QUEUE_URL'
  | 'SUSPEND_QUEUE_URL'
  /** delivery delay of the reconcile queue */
  | 'REQUEUE_SECONDS'
  | 'DESKTOP_BUNDLE_ID'
  | 'DESKTOP_ROOT_GIB'
  | 'DESKTOP_USER_GIB'
