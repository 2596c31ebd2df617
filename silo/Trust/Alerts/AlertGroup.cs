using TrustMesh.Wire;

namespace TrustMesh.Trust.Alerts;

/// <summary>Who counts for one rule and one cause now.</summary>
public sealed class AlertGroup(AlertRule rule, AlertCause cause)
{
    public AlertRule Rule { get; internal set; } = rule;

    public AlertCause Cause { get; } = cause;

    public HashSet<DeviceId> Members { get; } = [];

    /// <summary>The mesh as a whole is concerned, whoever the members are.</summary>
    public bool Whole { get; internal set; }

    /// <summary>Somebody has to look at it.</summary>
    public bool Changed { get; set; }

    public bool IsEmpty => Members.Count == 0 && !Whole;
}
