import { japanDate } from '../../kernel/decider.ts'
import { sameOrganisation } from '../../kernel/organisation.ts'
import { check } from './check.ts'
import { problem } from './problem.ts'

export const consent = check({
  reads: ['guidelines'],
  find: ({ guidelines }, { rules, now }) => [
    ...(guidelines.version === rules.guidelinesVersion
      ? []
      : [
          problem({
            requirement: 'APP-1',
            path: 'guidelines.version',
            what: {
              en: `edition ${guidelines.version} of the guidelines is accepted`,
              ja: `ガイドラインの第${guidelines.version}版を了承するとされています。`,
            },
            why: {
              en: `the edition in force is ${rules.guidelinesVersion}`,
              ja: `現行は第${rules.guidelinesVersion}版です。`,
            },
            next: {
              en: `read edition ${rules.guidelinesVersion}, accept it and write "${rules.guidelinesVersion}"`,
              ja: `第${rules.guidelinesVersion}版を読んで了承し、"${rules.guidelinesVersion}" と記載してください。`,
            },
          }),
        ]),
    ...(guidelines.institutionApproval.approvedOn <= japanDate(now)
      ? []
      : [
          problem({
            requirement: 'APP-1',
            path: 'guidelines.institutionApproval.approvedOn',
            what: {
              en: `${guidelines.institutionApproval.approvedOn} lies in the future`,
              ja: `${guidelines.institutionApproval.approvedOn}は未来の日付です。`,
            },
            why: {
              en: 'the institution approves before the application is submitted',
              ja: '申出の前に、所属機関の承認を受ける必要があります。',
            },
            next: {
              en: 'submit after the institution has approved, with the date of its approval',
              ja: '所属機関の承認を受けた後に、その承認日を記載して提出してください。',
            },
          }),
        ]),
  ],
})

export const contactPerson = check({
  reads: ['contact', 'applicant'],
  find: ({ contact, applicant }) =>
    sameOrganisation(contact.organisation, applicant.organisation)
      ? []
      : [
          problem({
            requirement: 'APP-1',
            path: 'contact.organisation',
            what: {
              en: `${contact.organisation} is not the applicant ${applicant.organisation}`,
              ja: `${contact.organisation}は、提供申出者である${applicant.organisation}ではありません。`,
            },
            why: {
              en: 'the contact person is a member of the applicant',
              ja: '担当者は、提供申出者に所属する人です。',
            },
            next: {
              en: 'name a contact person of the applicant; somebody else acts as contact.agent',
              ja: '提供申出者に所属する担当者を記載してください。それ以外の人は、代理人（contact.agent）として記載します。',
            },
          }),
        ],
})

export const applicantEvidence = check({
  reads: ['applicant'],
  find: ({ applicant }, { rules }) => {
    const demanded = rules.evidence[applicant.type]
    const given = new Set(applicant.evidence.map(({ kind }) => kind))
    return demanded
      .filter((kind) => !given.has(kind))
      .map((kind) =>
        problem({
          requirement: 'APP-8',
          path: 'applicant.evidence',
          what: { en: `the document ${kind} is missing`, ja: `文書 ${kind} がありません。` },
          why: {
            en: `an applicant of type ${applicant.type} proves itself with ${demanded.join(' and ')}`,
            ja: `種別が ${applicant.type} の提供申出者は、${demanded.join('、')} によって証明します。`,
          },
          next: {
            en: `add {"kind": "${kind}", "sha256": "<64 hexadecimal digits of the document>"}`,
            ja: `{"kind": "${kind}", "sha256": "<文書のSHA-256、16進数64桁>"} を追加してください。`,
          },
        }),
      )
  },
})
