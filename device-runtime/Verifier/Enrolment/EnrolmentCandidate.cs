using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Verifier;

/// <summary>
/// A device that asks to join and whose keys are what they should be. It has proven nothing yet: that is what the challenge is for.
/// Only <see cref="EnrolmentVerifier"/> makes one.
/// </summary>
public sealed class EnrolmentCandidate
{
    internal EnrolmentCandidate() { }

    /// <summary>From the root's public key and nothing else (attack A13).</summary>
    public required DeviceId Device { get; init; }

    public required AssuranceTier Tier { get; init; }

    /// <summary>AK (TPM), or the identity key (others).</summary>
    public required AttestationKey Key { get; init; }

    /// <summary>Null unless a TPM.</summary>
    public required TpmPublic? EndorsementKey { get; init; }

    /// <summary>Who answers for the root.</summary>
    public required EndorsementResult Endorsement { get; init; }
}
