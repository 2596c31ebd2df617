namespace TrustMesh.Contracts;

/// <summary>What enrolment established. Fingerprints are lower-case hex SHA-256.</summary>
/// <param name="Root">tpm, pkcs11, zymbit, software.</param>
/// <param name="Endorsement">Subject and issuer of the EK certificate, or why there is none.</param>
public sealed record DeviceIdentity(
    string Root, string RootKey, string AttestationKey, string Endorsement, string EnrolmentId, string? Firmware, uint? Boot, string? Software);
