using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Peers;

/// <summary>The one answer to everything that is refused: it says no, and nothing that would help whoever is guessing. PROTOCOL.md section 13.</summary>
public static class PeerRefusal
{
    private const string Label = "tm-mr/1";

    private static readonly byte[] Only = Encode();

    /// <summary>The message, always the same bytes.</summary>
    public static ReadOnlyMemory<byte> Bytes => Only;

    /// <summary>True if these bytes are a refusal.</summary>
    public static bool Is(ReadOnlySpan<byte> bytes) => bytes.SequenceEqual(Only);

    private static byte[] Encode()
    {
        var writer = new StrictCborWriter(stackalloc byte[32]);
        writer.WriteMap(1);
        writer.WriteKey(1);
        writer.WriteText("label", Label);
        return writer.ToArray("PeerRefusal", Caps.PeerHello);
    }
}
