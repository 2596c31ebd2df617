namespace TrustMesh.Wire.Messages;

/// <summary>Known-good measurements of one model, as CoRIM. PROTOCOL.md section 9. Digests are SHA-256, 32 bytes.</summary>
public sealed record ReferenceValues(
    string Issuer,
    string Id,
    string Model,
    long Serial,
    IReadOnlyDictionary<string, IReadOnlyList<ReadOnlyMemory<byte>>> Files,
    IReadOnlyDictionary<int, IReadOnlyList<ReadOnlyMemory<byte>>> Registers,
    long ExpiresAt)
{
    /// <summary>Value of the protected typ header (or content type for CoRIM).</summary>
    public const string Typ = "application/rim+cbor";

    /// <summary>The payload that is signed.</summary>
    public byte[] EncodePayload() => throw new NotImplementedException();

    /// <summary>Reads the payload of a statement whose signature was checked by the caller; throws <see cref="WireException"/>.</summary>
    public static ReferenceValues DecodePayload(ReadOnlyMemory<byte> payload) => throw new NotImplementedException();
}
