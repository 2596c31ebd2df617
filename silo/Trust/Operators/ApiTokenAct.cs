using TrustMesh.Contracts;

namespace TrustMesh.Trust.Operators;

/// <summary>What became of making or revoking an API token.</summary>
/// <param name="Token">As it is now; null if nothing was done.</param>
/// <param name="Secret">Its text, where it was made: the only place where it is.</param>
/// <param name="Refused">Why it was not done; null if it was, or there is no such token.</param>
public sealed record ApiTokenAct(ApiTokenView? Token, string? Secret = null, string? Refused = null)
{
    internal static ApiTokenAct Missing { get; } = new(default(ApiTokenView));

    internal static ApiTokenAct Not(string why) => new(null, null, why);
}
