namespace TrustMesh.Agent.Peers;

/// <summary>When a peer is examined next. Guarded by its schedule.</summary>
internal sealed class PeerPlan(DateTimeOffset due)
{
    public DateTimeOffset DueAt { get; set; } = due;

    /// <summary>When the last examination began.</summary>
    public DateTimeOffset BeganAt { get; set; }

    /// <summary>Examinations in a row that it did not answer.</summary>
    public int Failures { get; set; }

    /// <summary>The examination that runs, or null.</summary>
    public Task? Running { get; set; }

    /// <summary>Something happened that no examination so far has shown: another begins at once, or follows the one that runs.</summary>
    public bool Again { get; set; }
}
