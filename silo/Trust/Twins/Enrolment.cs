using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Twins;

/// <summary>
/// What enrolment established about a device; never changed, only replaced by another enrolment with another id (attack A12).
/// </summary>
/// <param name="Id">16 bytes.</param>
/// <param name="Device">Derived from the root key by the silo (attack A13).</param>
/// <param name="RootKeyHash">SHA-256 (32 bytes) of the root key's SubjectPublicKeyInfo.</param>
/// <param name="AttestationKey">TPMT_PUBLIC of the AK (TPM), or SubjectPublicKeyInfo of the identity key (others).</param>
/// <param name="Endorsement">For people: subject and issuer of the EK certificate, or why there is none.</param>
/// <param name="StatusIndex">Place in the mesh's status list; kept when a device enrols again.</param>
/// <param name="AdmittedBy">For people: the token, the list of known roots, or an operator still to decide.</param>
public sealed record Enrolment(
    ReadOnlyMemory<byte> Id,
    DeviceId Device,
    RootKind Root,
    AssuranceTier Tier,
    ReadOnlyMemory<byte> RootKeyHash,
    ReadOnlyMemory<byte> AttestationKey,
    string Endorsement,
    string Name,
    string Site,
    string Model,
    long StatusIndex,
    string AdmittedBy,
    DateTimeOffset At);
