using TrustMesh.Trust.Twins;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Trust.Authority;

/// <summary>Signs what the mesh says a device is (PROTOCOL.md section 9). 30 days, renewed in the last half with the next evidence.</summary>
public sealed class Memberships(MeshAuthority authority)
{
    private static readonly TimeSpan Life = TimeSpan.FromDays(30);

    /// <summary>The twin has no statement of its present enrolment, or one that should be renewed.</summary>
    public bool IsDue(TwinState state, DateTimeOffset now) => state.Membership.IsEmpty || state.MembershipUntil - now < Life / 2;

    public (ReadOnlyMemory<byte> Statement, DateTimeOffset Until) Issue(Enrolment enrolment, DateTimeOffset now)
    {
        var until = now + Life;
        var key = enrolment.Root == RootKind.Tpm ? TpmPublic.Decode(enrolment.AttestationKey).ToSubjectPublicKeyInfo() : enrolment.AttestationKey;
        var membership = new Membership(
            authority.Mesh, enrolment.Device, enrolment.Name, enrolment.Site, enrolment.Model, enrolment.Tier, key, enrolment.Id,
            enrolment.StatusIndex, StatusBook.UriOf(authority.Mesh), now.ToUnixTimeSeconds(), until.ToUnixTimeSeconds(), Endorsement(enrolment));
        return (authority.Key.Sign(membership.EncodePayload(), Membership.Typ), until);
    }

    /// <summary>What is known of a root nobody endorses, and on whose word it is a member; null for the others.</summary>
    public static string? Endorsement(Enrolment enrolment)
        => enrolment.Tier == AssuranceTier.HardwareKey ? Grammar.Fit($"{enrolment.Endorsement}; taken on {enrolment.AdmittedBy}") : null;
}
