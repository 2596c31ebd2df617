namespace TrustMesh.Wire.Messages;

/// <summary>
/// Evidence as it arrived: a CMW collection, parsed and not verified. Anyone can make one; only the verifier turns it into
/// VerifiedEvidence. PROTOCOL.md section 5.
/// </summary>
/// <param name="ClaimsBytes">The claims map exactly as it was hashed or signed.</param>
/// <param name="Token">The COSE_Sign1 around the claims for a root without quotes, else null.</param>
/// <param name="Quote">Present for a TPM, else null.</param>
public sealed record Evidence(
    ReadOnlyMemory<byte> ClaimsBytes,
    ReadOnlyMemory<byte>? Token,
    QuoteEvidence? Quote,
    InclusionProof Proof,
    LogTail Log)
{
    public const string Profile = "tag:trustmesh.example,2026:evidence#1";

    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode() => throw new NotImplementedException();

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static Evidence Decode(ReadOnlyMemory<byte> bytes) => throw new NotImplementedException();
}
