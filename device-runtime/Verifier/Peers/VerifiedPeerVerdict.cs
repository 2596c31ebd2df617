using TrustMesh.Wire.Peers;

namespace TrustMesh.Verifier;

/// <summary>
/// A device's word about another whose author is certain. Only <see cref="PeerVerdictVerifier"/> makes one. That it is the author's word is
/// all that was verified: whether it is true nobody but the subject's own evidence can say (attack A36).
/// </summary>
public sealed class VerifiedPeerVerdict
{
    internal VerifiedPeerVerdict(PeerVerdict verdict, ReadOnlyMemory<byte> signed) => (Verdict, Signed) = (verdict, signed);

    public PeerVerdict Verdict { get; }

    /// <summary>The COSE_Sign1 it came in: what names a liar.</summary>
    public ReadOnlyMemory<byte> Signed { get; }
}
