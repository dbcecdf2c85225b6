import type { StackProps } from 'aws-cdk-lib'
import type { Config } from './config/load.ts'

/** What every stack is given: the whole parsed configuration; a stack reads only what it needs. */
export interface RenkeiStackProps extends StackProps {
  /** The parsed configuration. */
  readonly config: Config
}
