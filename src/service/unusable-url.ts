/** Why a URL, or what stands beside it, cannot be used; its message never quotes what may be a password. */
export class UnusableUrl extends TypeError {}
