namespace TrustMesh.Verifier;

/// <summary>A known passkey signed our challenge. Only <see cref="PasskeyVerifier"/> makes one.</summary>
public sealed class VerifiedAssertion
{
    internal VerifiedAssertion(ReadOnlyMemory<byte> challenge, uint counter, bool backedUp) => (Challenge, Counter, BackedUp) = (challenge, counter, backedUp);

    public ReadOnlyMemory<byte> Challenge { get; }

    public uint Counter { get; }

    public bool BackedUp { get; }
}
