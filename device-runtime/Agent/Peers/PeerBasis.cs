using TrustMesh.Verifier;

namespace TrustMesh.Agent.Peers;

/// <summary>What a verdict on a peer rests on: which of two is the newer one, where handshakes overlap and end in another order than their evidence was signed.</summary>
/// <param name="StatusSerial">Of the status list it was made under; 0 for none.</param>
/// <param name="Enrolment">Of the evidence, 16 bytes; counters of another one say nothing.</param>
/// <param name="Shown">What authentic evidence established; null where there was none.</param>
public sealed record PeerBasis(long StatusSerial, ReadOnlyMemory<byte> Enrolment, AttesterState? Shown)
{
    /// <summary>Made under an older status list, or of evidence that was signed earlier, by the root's own counters and the length of its log.</summary>
    public bool IsBefore(PeerBasis other)
        => StatusSerial < other.StatusSerial
            || Shown is { } own && other.Shown is { } theirs && Enrolment.Span.SequenceEqual(other.Enrolment.Span)
                && (own.Boot, own.RestartCount, own.Clock, own.LogCount).CompareTo((theirs.Boot, theirs.RestartCount, theirs.Clock, theirs.LogCount)) < 0;
}
