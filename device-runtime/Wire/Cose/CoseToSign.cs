namespace TrustMesh.Wire.Cose;

/// <summary>A COSE_Sign1 that still lacks its signature, so that the key may live anywhere (file, TPM, token).</summary>
public sealed class CoseToSign
{
    /// <summary>The Sig_structure: hash it with SHA-256 and sign.</summary>
    public required ReadOnlyMemory<byte> ToBeSigned { get; init; }

    /// <summary>The finished statement; signature is r ‖ s, 64 bytes.</summary>
    public byte[] Complete(ReadOnlySpan<byte> signature, IReadOnlyList<ReadOnlyMemory<byte>>? certificateChain = null) => throw new NotImplementedException();
}
