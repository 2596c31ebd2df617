using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Cose;

/// <summary>A COSE_Sign1 that still lacks its signature, so that the key may live anywhere (file, TPM, token).</summary>
public sealed class CoseToSign
{
    private readonly ReadOnlyMemory<byte> header;
    private readonly ReadOnlyMemory<byte> payload;

    internal CoseToSign(ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> payload)
    {
        (this.header, this.payload) = (header, payload);
        ToBeSigned = CoseHeader.SigStructure(header.Span, payload.Span);
    }

    /// <summary>The Sig_structure: hash it with SHA-256 and sign.</summary>
    public ReadOnlyMemory<byte> ToBeSigned { get; }

    /// <summary>The finished statement; signature is r ‖ s, 64 bytes.</summary>
    /// <param name="certificateChain">DER, leaf first, at most 8; goes into the unprotected header.</param>
    public byte[] Complete(ReadOnlySpan<byte> signature, IReadOnlyList<ReadOnlyMemory<byte>>? certificateChain = null)
    {
        var chain = certificateChain ?? [];
        var writer = new StrictCborWriter(new byte[payload.Length + 512]);
        writer.WriteTag(CoseSign1.Tag);
        writer.WriteArray(4);
        writer.WriteBytes("protected header", header, 1, Caps.ProtectedHeader);
        CoseHeader.WriteUnprotected(ref writer, chain);
        writer.WriteBytes("payload", payload, 1, Caps.Statement);
        writer.WriteBytes("signature", signature, CoseSign1.SignatureSize, CoseSign1.SignatureSize);
        return writer.ToArray("COSE_Sign1", Caps.Statement);
    }
}
