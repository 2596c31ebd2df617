namespace TrustMesh.Agent.Measuring;

/// <summary>How the log on disk stood to the register when the agent took it up.</summary>
public enum LogState
{
    /// <summary>A new log: first start, or a new boot.</summary>
    New,

    /// <summary>The register holds exactly the log.</summary>
    Equal,

    /// <summary>The register held a shorter log: the process ended between writing and extending. The rest was extended.</summary>
    Extended,

    /// <summary>The register holds something the log does not explain. Nothing is repaired: the evidence of this boot will fail, and say why.</summary>
    Differs,
}
