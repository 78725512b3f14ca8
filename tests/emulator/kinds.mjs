/** "read", "write" or "token", from the vendors' own way of naming operations. */
export function kindOf(operation) {
  if (/^(Create|Validate|Revoke)Token$/.test(operation)) return "token";
  return /^(Describe|List|Get)/.test(operation ?? "Get") ? "read" : "write";
}
