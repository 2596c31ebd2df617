using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Agent.Silo;

/// <summary>
/// What a device asks of a challenge before it spends a signature on it. 1: the SHA-256 bank (A07, A17). 2: registers that exist, ascending, none
/// twice. 3: the measurement register among them where there is one. 4: a nonce not used before on this connection (A01). 5: not from ourselves (A32).
/// </summary>
public static class ChallengeCheck
{
    public const ushort Sha256Bank = 0x000b;

    /// <summary>Null, or what is wrong with it.</summary>
    public static string? Problem(Challenge challenge, DeviceId self, int? measurementPcr, ReadOnlyMemory<byte> lastNonce)
    {
        if (challenge.Bank != Sha256Bank) return $"it asks for PCR bank {challenge.Bank:x4}; only SHA-256 (000b) is quoted";
        if (challenge.Pcrs.Count == 0 || challenge.Pcrs[0] < 0 || challenge.Pcrs[^1] > 23 || challenge.Pcrs.Zip(challenge.Pcrs.Skip(1)).Any(pair => pair.First >= pair.Second))
            return "its list of PCRs is not ascending within 0..23";
        if (measurementPcr is { } pcr && !challenge.Pcrs.Contains(pcr)) return $"it does not ask for PCR {pcr}, where this device measures; set the policy's measurement PCR and \"measurementPcr\" to the same number";
        if (lastNonce.Span.SequenceEqual(challenge.Nonce.Span)) return "its nonce was used before";
        return challenge.Challenger == self ? "it comes from this device itself" : null;
    }
}
