using TrustMesh.Wire;

namespace TrustMesh.Trust.Peers;

/// <summary>A stored record of an issuer that cannot be read; its verdicts wait, everything else works (attack A43).</summary>
public sealed class UnreadableIssuerException(DeviceId issuer, WireException inner)
    : Exception(Words(issuer, inner.Message), inner)
{
    /// <summary>What cannot be read, why, and what to do.</summary>
    public static string Words(DeviceId issuer, string why)
        => $"The stored verdicts of {issuer} cannot be read ({why}). Restore the row from a backup, or delete it to take its verdicts anew.";
}
