import { writeXml, writeXmlError } from './ec2.ts'
import { writeJson } from './json.ts'
import { writeRest } from './rest.ts'
import type { WireRequest, WireResponse } from './wire.ts'
import type { ServiceError } from '../errors.ts'
import type { Operation, Service } from '../operation.ts'

/** Headers, status and body around an answer, by protocol. */
export function success(service: Service, operation: Operation, output: object, requestId: string): WireResponse {
  if (service.protocol === 'ec2-query') {
    return {
      status: 200,
      headers: { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': requestId },
      body: writeXml(operation.name, operation.output, output, requestId),
    }
  }
  if (service.protocol === 'rest-json') {
    return {
      headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId },
      ...writeRest(operation, output),
    }
  }
  return {
    status: 200,
    headers: { 'content-type': `application/x-amz-json-${service.jsonVersion}`, 'x-amzn-requestid': requestId },
    body: JSON.stringify(writeJson(operation.output, output)),
  }
}

/** The protocol of a request whose operation is not known yet. */
export function protocolOf(request: WireRequest): Service['protocol'] {
  if (request.headers['x-amz-target'] !== undefined) return 'aws-json'
  return request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ? 'ec2-query' : 'rest-json'
}

/** What the request asked for, in its own words. */
export function nameOf(request: WireRequest): string {
  return (
    request.headers['x-amz-target'] ??
    new URLSearchParams(request.body).get('Action') ??
    `${request.method} ${request.path}`
  )
}

/** An error as each protocol carries it. */
export function failure(protocol: Service['protocol'], error: ServiceError, requestId: string): WireResponse {
  if (protocol === 'ec2-query') {
    return {
      status: error.status,
      headers: { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': requestId },
      body: writeXmlError(error.code, error.message, requestId),
    }
  }
  return {
    status: error.status,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId, 'x-amzn-errortype': error.code },
    // EFS models ErrorCode and Message, the others message: each client takes what its model names.
    body: JSON.stringify({
      __type: error.code,
      message: error.message,
      Message: error.message,
      ErrorCode: error.code,
      ...error.details,
    }),
  }
}

/** A body as both transports give it. */
export function bodyText(body: unknown): string {
  if (body === undefined || body === null) return ''
  if (typeof body === 'string') return body
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString()
  throw new TypeError('the simulator takes request bodies as text or bytes')
}
