using TrustMesh.Wire.Cbor;
using TrustMesh.Wire.Cose;

namespace TrustMesh.Wire.Messages;

/// <summary>Known-good measurements of one model, as CoRIM. PROTOCOL.md section 9. Digests are SHA-256, 32 bytes.</summary>
/// <param name="Issuer">Travels in the protected header (15), not in the payload; see <see cref="Meta"/>.</param>
/// <param name="Id">Text of the CoRIM and of its one CoMID; a later serial replaces an earlier one of the same id.</param>
/// <param name="Serial">The CoMID's tag-version.</param>
/// <param name="Files">Measured name to its acceptable digests, at least one each.</param>
/// <param name="Registers">PCR to its acceptable values, at least one each.</param>
/// <param name="ExpiresAt">Travels in the protected header (15).</param>
public sealed partial record ReferenceValues(
    string Issuer,
    string Id,
    string Model,
    long Serial,
    IReadOnlyDictionary<string, IReadOnlyList<ReadOnlyMemory<byte>>> Files,
    IReadOnlyDictionary<int, IReadOnlyList<ReadOnlyMemory<byte>>> Registers,
    long ExpiresAt)
{
    /// <summary>Content type (3) of the protected header.</summary>
    public const string Typ = "application/rim+cbor";

    private const string Vendor = "TrustMesh";

    private const ulong CorimTag = 501, ComidTag = 506;

    /// <summary>What goes into the protected header; give it to <see cref="CoseSign1.Prepare"/>.</summary>
    public CorimMeta Meta => new(Issuer, ExpiresAt);

    /// <summary>The payload that is signed.</summary>
    public byte[] EncodePayload()
    {
        var comid = new StrictCborWriter(new byte[4096]);
        WriteComid(ref comid);
        var writer = new StrictCborWriter(new byte[comid.Written.Length + 320]);
        writer.WriteTag(CorimTag);
        writer.WriteMap(2);
        writer.WriteKey(0);
        writer.WriteText("corim id", Id, 1);
        writer.WriteKey(1);
        writer.WriteArray(1);
        writer.WriteTag(ComidTag);
        writer.WriteBytes("comid", comid.Written, 1, Caps.Statement);
        return writer.ToArray("corim", Caps.Statement);
    }

    /// <summary>Reads the payload of a statement whose signature was checked by the caller; throws <see cref="WireException"/>.</summary>
    /// <param name="meta"><see cref="CoseSign1.Corim"/> of that statement: issuer and expiry are not in the payload.</param>
    public static ReferenceValues DecodePayload(ReadOnlyMemory<byte> payload, CorimMeta meta)
    {
        var reader = new StrictCborReader(payload, "corim", Caps.Statement);
        reader.ReadTag("corim", CorimTag);
        var map = reader.ReadMap("corim", 2);
        reader.Key(ref map, 0, "corim id");
        var id = reader.ReadText("corim id", 1);
        reader.Key(ref map, 1, "tags");
        reader.ReadArray("tags", 1);
        reader.ReadTag("comid", ComidTag);
        var values = ReadComid(reader.ReadNested("comid", Caps.Statement), id, meta);
        reader.EndMap(ref map);
        reader.End("corim");
        return values;
    }
}
