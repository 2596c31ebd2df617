using TrustMesh.Wire.Passkeys;

namespace TrustMesh.Verifier;

/// <summary>A new passkey whose ceremony was ours. Only <see cref="PasskeyVerifier"/> makes one.</summary>
public sealed class VerifiedPasskey
{
    internal VerifiedPasskey(ReadOnlyMemory<byte> challenge, AttestedCredential credential, AuthenticatorData data)
        => (Challenge, Id, Key, Counter, BackupEligible, BackedUp) = (challenge, credential.Id, credential.Key, data.Counter,
            data.Flags.HasFlag(AuthenticatorFlags.BackupEligible), data.Flags.HasFlag(AuthenticatorFlags.BackedUp));

    public ReadOnlyMemory<byte> Challenge { get; }

    public ReadOnlyMemory<byte> Id { get; }

    public PasskeyKey Key { get; }

    public uint Counter { get; }

    /// <summary>May be on the person's other devices too.</summary>
    public bool BackupEligible { get; }

    public bool BackedUp { get; }
}
