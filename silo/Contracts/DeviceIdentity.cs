using System.Text.Json.Serialization;

namespace TrustMesh.Contracts;

/// <summary>What enrolment established. Fingerprints are lower-case hex SHA-256.</summary>
/// <param name="Root">tpm, pkcs11, zymbit, software.</param>
/// <param name="Endorsement">Subject and issuer of the EK certificate, or why there is none.</param>
/// <param name="MembershipUntil">When the authority's word that it is a member runs out; renewed with a proof in its last 15 days. Null unless it is active.</param>
/// <param name="SessionKey">Thumbprint (RFC 9679, SHA-256) of the key its connections are made with, from its last proof.</param>
public sealed record DeviceIdentity(
    string Root, string RootKey, string AttestationKey, string Endorsement, string EnrolmentId, string? Firmware, uint? Boot, string? Software,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? MembershipUntil = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? SessionKey = null);
