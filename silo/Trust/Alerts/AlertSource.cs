namespace TrustMesh.Trust.Alerts;

/// <summary>What a rule looks at.</summary>
public enum AlertSource
{
    /// <summary>Devices a query finds.</summary>
    Query,

    /// <summary>Devices an alarm was told of.</summary>
    Alarms,

    /// <summary>The status list in force.</summary>
    StatusList,

    /// <summary>Whether the mesh's log takes lines.</summary>
    Log,

    /// <summary>The silos of the mesh.</summary>
    Silos,
}
