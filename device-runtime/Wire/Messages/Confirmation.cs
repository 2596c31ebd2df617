using TrustMesh.Wire.Cbor;
using TrustMesh.Wire.Cose;

namespace TrustMesh.Wire.Messages;

/// <summary>The cnf claim (RFC 8747; method 5 is the thumbprint of RFC 9679): exactly one method.</summary>
internal static class Confirmation
{
    private const int CoseKeyMethod = 1, ThumbprintMethod = 5;

    internal static void WriteThumbprint(ref StrictCborWriter writer, ReadOnlyMemory<byte> thumbprint)
    {
        writer.WriteMap(1);
        writer.WriteKey(ThumbprintMethod);
        writer.WriteBytes("cnf", thumbprint, Caps.Hash);
    }

    internal static ReadOnlyMemory<byte> ReadThumbprint(ref StrictCborReader reader)
    {
        var map = reader.ReadMap("cnf", 1);
        reader.Key(ref map, ThumbprintMethod, "cnf");
        var thumbprint = reader.ReadBytes("cnf", Caps.Hash);
        reader.EndMap(ref map);
        return thumbprint;
    }

    internal static void WriteKey(ref StrictCborWriter writer, ReadOnlySpan<byte> subjectPublicKeyInfo)
    {
        writer.WriteMap(1);
        writer.WriteKey(CoseKeyMethod);
        CoseKey.Write(ref writer, subjectPublicKeyInfo);
    }

    internal static byte[] ReadKey(ref StrictCborReader reader)
    {
        var map = reader.ReadMap("cnf", 1);
        reader.Key(ref map, CoseKeyMethod, "cnf");
        var key = CoseKey.Read(ref reader);
        reader.EndMap(ref map);
        return key;
    }
}
