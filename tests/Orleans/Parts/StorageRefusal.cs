namespace TrustMesh.Tests.Orleans.Parts;

/// <summary>Why a storage takes no writes.</summary>
public enum StorageRefusal
{
    /// <summary>Whoever writes has lost the right to (403); at a Redis that has to have replicas, they are away.</summary>
    Forbidden,

    /// <summary>It has more to do than it can (503); a Redis that is full.</summary>
    Overloaded,
}
