namespace TrustMesh.Fleet;

/// <summary>What a simulated device is there to show.</summary>
internal enum Fate
{
    /// <summary>It proves itself, again and again.</summary>
    Well,
    /// <summary>A measured file is not as it should be.</summary>
    Tampered,
    /// <summary>It fell silent, and its proof ran out.</summary>
    Silent,
    /// <summary>It never proved itself.</summary>
    Unproven,
    /// <summary>It waits for somebody's approval.</summary>
    Pending,
    Suspended,
    Revoked,
}
