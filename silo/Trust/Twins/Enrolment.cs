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
/// <param name="Endorsement">For people: subject and issuer of the EK certificate, or why there is none; or what a token says of itself.</param>
/// <param name="StatusIndex">Place in the mesh's status list; kept when a device enrols again.</param>
/// <param name="AdmittedBy">For people: the join token, the list of known roots, and once somebody approved it, "approval by" that name.</param>
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
    DateTimeOffset At)
{
    /// <summary>
    /// The same root and key, and nothing else said of them. Who made a TPM is read from certificates and roots anew each time; what a token says of
    /// itself is all there is, so other words with the same key are another enrolment: the key may have been copied (attack A10).
    /// </summary>
    public bool IsSame(RootKind root, ReadOnlySpan<byte> attestationKey, string endorsement)
        => Root == root && AttestationKey.Span.SequenceEqual(attestationKey) && (root == RootKind.Tpm || Endorsement == endorsement);
}
