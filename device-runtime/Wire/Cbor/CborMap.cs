namespace TrustMesh.Wire.Cbor;

/// <summary>Where a reader stands in a map: pairs left, and the key before, which the next one has to exceed.</summary>
public struct CborMap
{
    internal CborMap(string field, int left, bool open) => (Field, Left, Open) = (field, left, open);

    internal readonly string Field { get; }

    internal readonly bool Open { get; }

    internal int KeyStart { get; set; }

    internal int KeyLength { get; set; }

    /// <summary>Pairs not yet read.</summary>
    public int Left { readonly get; internal set; }
}
