using System.Security.Cryptography;

namespace TrustMesh.Wire.Cose;

/// <summary>Signs statements with an ES256 key this process holds: session keys, the silo's key, a mesh authority for trying out.</summary>
public static class CoseSigner
{
    /// <summary>The finished COSE_Sign1, kid being the key's thumbprint.</summary>
    /// <param name="key">P-256 private key.</param>
    public static byte[] Sign(
        ECDsa key,
        ReadOnlyMemory<byte> payload,
        string typ,
        CorimMeta? corim = null,
        IReadOnlyList<ReadOnlyMemory<byte>>? certificateChain = null)
    {
        var statement = CoseSign1.Prepare(payload, KeyThumbprint.Of(key.ExportParameters(false)), typ, corim);
        return statement.Complete(key.SignData(statement.ToBeSigned.Span, HashAlgorithmName.SHA256), certificateChain);
    }
}
