using TrustMesh.Wire;
using TrustMesh.Wire.Cbor;

namespace TrustMesh.Trust.Twins;

/// <summary>The evidence behind a twin's verdict and all that an auditor needs beside it (PROTOCOL.md section 11). Saved with the verdict.</summary>
/// <param name="SessionKey">SubjectPublicKeyInfo of the device's TLS key.</param>
/// <param name="Result">The attestation result that was issued.</param>
/// <param name="Membership">As it was when the evidence was accepted; empty if there was none.</param>
/// <param name="AcceptedAt">Whole seconds.</param>
public sealed record TwinProof(
    ReadOnlyMemory<byte> Evidence,
    ReadOnlyMemory<byte> Leaf,
    ReadOnlyMemory<byte> SessionKey,
    ReadOnlyMemory<byte> Result,
    ReadOnlyMemory<byte> Membership,
    string Model,
    long PolicySerial,
    long ReferenceSerial,
    DateTimeOffset AcceptedAt)
{
    private const int Largest = Caps.Evidence + Caps.Result + Caps.Body;

    public byte[] Encode()
    {
        var writer = new StrictCborWriter(stackalloc byte[1024]);
        writer.WriteArray(10);
        writer.WriteText("version", "tm-proof/1");
        writer.WriteBytes("evidence", Evidence, 0, Caps.Evidence);
        writer.WriteBytes("leaf", Leaf, 0, Caps.Body);
        writer.WriteBytes("session key", SessionKey, 0, Caps.PublicArea);
        writer.WriteBytes("result", Result, 0, Caps.Result);
        writer.WriteBytes("membership", Membership, 0, Caps.Membership);
        writer.WriteText("model", Model);
        writer.WriteInt64("policy serial", PolicySerial);
        writer.WriteInt64("reference serial", ReferenceSerial);
        writer.WriteTime("accepted at", AcceptedAt.ToUnixTimeSeconds());
        return writer.ToArray("proof", Largest);
    }

    /// <summary>Reads the one encoding; throws <see cref="WireException"/>.</summary>
    public static TwinProof Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new StrictCborReader(bytes, "proof", Largest);
        reader.ReadArray("proof", 10);
        reader.ReadFixed("version", "tm-proof/1");
        var proof = new TwinProof(
            reader.ReadBytes("evidence", 0, Caps.Evidence),
            reader.ReadBytes("leaf", 0, Caps.Body),
            reader.ReadBytes("session key", 0, Caps.PublicArea),
            reader.ReadBytes("result", 0, Caps.Result),
            reader.ReadBytes("membership", 0, Caps.Membership),
            reader.ReadText("model"),
            reader.ReadInt64("policy serial"),
            reader.ReadInt64("reference serial"),
            DateTimeOffset.FromUnixTimeSeconds(reader.ReadTime("accepted at")));
        reader.End("proof");
        return proof;
    }
}
