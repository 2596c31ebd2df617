namespace TrustMesh.Tests.Fuzz;

/// <summary>What has to hold between accepted bytes and the encoding of what they decoded to.</summary>
public enum FuzzLaw
{
    /// <summary>They are the same bytes: one accepted encoding.</summary>
    Identity,

    /// <summary>The encoding is stable when decoded and encoded again: the format ignores unknown keys, or reads a peer's second form.</summary>
    Stable,

    /// <summary>There is no encoder: only that nothing but a WireException comes out.</summary>
    NoEncoder,
}
