using System.Collections.Concurrent;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Host.Device;

/// <summary>Keys ready to verify with: building one costs more than a verification. Bounded; thread-safe.</summary>
public sealed class EnrolledDevices(int capacity)
{
    private readonly ConcurrentDictionary<DeviceId, EnrolledDevice> cache = new();

    public EnrolledDevice For(Enrolment enrolment)
    {
        // An approval changes what is taken on whose word, not the enrolment's id.
        var endorsement = Memberships.Endorsement(enrolment);
        if (cache.TryGetValue(enrolment.Device, out var known) && known.EnrolmentId.Span.SequenceEqual(enrolment.Id.Span) && known.Endorsement == endorsement) return known;
        var key = enrolment.Root == RootKind.Tpm
            ? AttestationKey.FromTpmPublic(TpmPublic.Decode(enrolment.AttestationKey))
            : AttestationKey.FromSubjectPublicKeyInfo(enrolment.AttestationKey);
        if (cache.Count >= capacity) cache.Clear();
        return cache[enrolment.Device] = new(enrolment.Device, enrolment.Id, enrolment.Tier, enrolment.Model, key, endorsement);
    }
}
