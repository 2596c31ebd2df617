namespace TrustMesh.Verifier;

/// <summary>What is known about who made a TPM.</summary>
/// <param name="Endorsed">True only if the complete checklist passed: a configured vendor says this is an endorsement key of its TPMs.</param>
/// <param name="Words">For people: subject and issuer of the certificate, or why there is none.</param>
/// <param name="Tolerated">Malformations that were accepted, in words.</param>
public sealed record EndorsementResult(bool Endorsed, string Words, IReadOnlyList<string> Tolerated);
