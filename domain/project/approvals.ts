/** The approvals that continue a held removal, each of another person (C-11). */
export const APPROVALS_NEEDED = 2
