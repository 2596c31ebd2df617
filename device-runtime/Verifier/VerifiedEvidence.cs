using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Verifier;

/// <summary>
/// Evidence that is authentic, fresh and bound to its channel, with the verdict on what it says. Only the verifier makes one, and only
/// this moves a twin. The verdict may well be contraindicated; what is not authentic never becomes one.
/// </summary>
public sealed class VerifiedEvidence
{
    internal VerifiedEvidence() { }

    public required DeviceId Device { get; init; }

    /// <summary>The enrolment (16 bytes) the evidence was verified against (attack A12).</summary>
    public required ReadOnlyMemory<byte> EnrolmentId { get; init; }

    /// <summary>The state it continues; the twin refuses it if it has moved on since.</summary>
    public required AttesterState Before { get; init; }

    public required AttesterState After { get; init; }

    /// <summary>Log entries that are new in this evidence and replayed to the quoted value; <c>After.LogCount - appended</c> is the first's sequence.</summary>
    public required IReadOnlyList<ReadOnlyMemory<byte>> Appended { get; init; }

    public required Verdict Verdict { get; init; }

    public required Claims Claims { get; init; }

    /// <summary>The quoted registers but the one of the measurements, ascending (what reference values can be learned from); empty for a root without PCRs.</summary>
    public required IReadOnlyList<PcrValue> Registers { get; init; }

    /// <summary>The evidence as it came (for bundles).</summary>
    public required ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>The leaf it answered (for bundles), encoded when asked for.</summary>
    public ReadOnlyMemory<byte> Leaf => Asked.Encode();

    /// <summary>What the challenger knew it asked.</summary>
    public required ChallengeLeaf Asked { get; init; }
}
