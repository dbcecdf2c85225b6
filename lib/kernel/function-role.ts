import {
  ManagedPolicy,
  Role,
  ServicePrincipal,
  type AddToPrincipalPolicyResult,
  type PolicyStatement,
} from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'

/** What a role is given. */
export interface FunctionRoleProps {
  /** What the function may do, for a reader of the console; its policy carries it too. */
  readonly description: string
}

/**
 * The role of one function. Whatever the function is granted lands in a managed policy of its own: versions of it can
 * be compared and restored, which an inline policy cannot (NIST 800-53 AC-3, CM-3).
 */
export class FunctionRole extends Role {
  private readonly granted: ManagedPolicy

  constructor(scope: Construct, id: string, props: FunctionRoleProps) {
    super(scope, id, { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), description: props.description })
    this.granted = new ManagedPolicy(this, 'Policy', { description: props.description, roles: [this] })
  }

  override addToPrincipalPolicy(statement: PolicyStatement): AddToPrincipalPolicyResult {
    this.granted.addStatements(statement)
    return { statementAdded: true, policyDependable: this.granted }
  }
}
