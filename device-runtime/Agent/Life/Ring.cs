namespace TrustMesh.Agent.Life;

/// <summary>Why the life's loop is woken.</summary>
[Flags]
internal enum Ring
{
    None = 0,

    /// <summary>A measured file changed.</summary>
    Measured = 1,

    /// <summary>Verdicts wait that the silo should have soon.</summary>
    Verdicts = 2,

    /// <summary>The silo no longer knows this session.</summary>
    ProofWanted = 4,

    /// <summary>What the status shows is out of date.</summary>
    Status = 8,

    /// <summary>An operator wants a proof now.</summary>
    Asked = 16,
}
