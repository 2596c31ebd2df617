using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Verifier;

/// <summary>
/// What enrolment fixed about a device. The key that signs is the only source of the algorithm (attack A17); the enrolment id makes
/// the record immutable (attack A12). Instances are cached by the host: building the key costs more than a verification.
/// </summary>
/// <param name="endorsement">Of the membership: what is known of the root and what was taken on approval.</param>
public sealed class EnrolledDevice(DeviceId device, ReadOnlyMemory<byte> enrolmentId, AssuranceTier tier, string model, AttestationKey key, string? endorsement = null)
{
    public DeviceId Device { get; } = device;

    /// <summary>16 bytes.</summary>
    public ReadOnlyMemory<byte> EnrolmentId { get; } = enrolmentId;

    public AssuranceTier Tier { get; } = tier;

    public string Model { get; } = model;

    public AttestationKey Key { get; } = key;

    /// <summary>Goes into the verdict's <c>key.protection</c>; null where a vendor's certificate, or the tier, says it all.</summary>
    public string? Endorsement { get; } = endorsement;
}
