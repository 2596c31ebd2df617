using TrustMesh.Wire;

namespace TrustMesh.Verifier;

/// <summary>A session key the root of a device vouched for. Only <see cref="PeerVerdictVerifier"/> makes one.</summary>
public sealed class VouchedKey
{
    internal VouchedKey(DeviceId device, AttestationKey key) => (Device, Key) = (device, key);

    /// <summary>Whose key it is.</summary>
    public DeviceId Device { get; }

    /// <summary>The key, ready to verify with.</summary>
    public AttestationKey Key { get; }
}
