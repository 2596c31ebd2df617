using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Peers;

/// <summary>A word somebody holds about a device, and over which time.</summary>
/// <param name="Since">First verdict that said so; nothing else was said between.</param>
/// <param name="Until">Last verdict that said so.</param>
/// <param name="ExpiresAt">Of that last verdict.</param>
public sealed record HeldWord(Opinion Opinion, DateTimeOffset Since, DateTimeOffset Until, DateTimeOffset ExpiresAt)
{
    public static Opinion Of(TrustTier status) => status switch
    {
        TrustTier.None => Opinion.None, TrustTier.Contraindicated => Opinion.Bad, _ => Opinion.Good,
    };

    /// <summary>Said before that moment and after it, and nothing else between: then it was its word at that moment.</summary>
    public bool HeldAt(DateTimeOffset moment) => Since <= moment && moment <= Until;
}
